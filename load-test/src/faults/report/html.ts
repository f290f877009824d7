import { page, table, verdictHtml } from '../../report/page'
import type { Judgement } from '../judgement'
import { percentile, timeline } from './timeline'

export function reportHtml(judgement: Judgement): string {
  const { state, isPassed, wrongs } = judgement
  return page({
    title: `Faults, seed ${state.seed}`,
    heading: `Faults: ${isPassed ? 'passed' : 'failed'}`,
    summary: summary(judgement),
    command: state.command,
    verdict: verdictHtml(wrongs, 'Every promise was kept, every dangerous window was reached.'),
    body: `<h2>Timeline</h2>${timeline(judgement)}\n${tables(judgement)}`,
  })
}

function summary({ state, endedMs, kinds }: Judgement): string {
  const tookMs = endedMs.map((one) => one.tookMs)
  const struck = kinds.reduce((sum, one) => sum + one.struck, 0)
  return (
    `Seed ${state.seed}, commit ${state.commit}, ${state.begun} orders, ${struck} faults of ${kinds.length} kinds, ` +
    `${Math.round(state.elapsedMs / 1_000)} s, ${state.instances} of each service, ${state.isClustered ? 'three RabbitMQ nodes' : 'one RabbitMQ node'}. Time to the verdict as customers saw it: ` +
    `median ${percentile(tookMs, 0.5)} ms, 99th percentile ${percentile(tookMs, 0.99)} ms.`
  )
}

function tables({ promises, counters, kinds, growth, audit }: Judgement): string {
  const sections = [
    '<h2>Promises</h2>',
    table(
      ['promise', 'measured'],
      promises.map(({ says, measured, isKept }) => ({ cells: [says, measured], isBad: !isKept })),
    ),
    '<h2>Audit</h2>',
    table(
      ['', 'invariant', 'checked', 'violations', ''],
      audit.invariants.map(({ id, says, checked, violationCount, violations, notChecked }) => ({
        cells: [id, says, checked, violationCount, notChecked ?? violations.slice(0, 3).join('; ')],
        isBad: violationCount > 0,
      })),
    ),
    '<h2>Dangerous windows</h2>',
    table(
      ['window', 'reached', 'at least'],
      counters.map(({ name, reached, minimum, isShort }) => ({ cells: [name, reached, minimum], isBad: isShort })),
    ),
    '<h2>Faults</h2>',
    table(
      ['kind', 'planned', 'struck'],
      kinds.map(({ kind, planned, struck }) => ({ cells: [kind, planned, struck], isBad: struck < planned })),
    ),
  ]
  if (growth.length === 0) return sections.join('\n')
  const grown = growth.map(({ what, from, to, isTooMuch }) => ({ cells: [what, from, to], isBad: isTooMuch }))
  return [...sections, '<h2>Growth</h2>', table(['level', 'second quarter', 'last quarter'], grown)].join('\n')
}
