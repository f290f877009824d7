import type { Judgement } from '../judgement'
import { percentile, timeline } from './timeline'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

type Cell = string | number

function table(
  head: readonly string[],
  rows: readonly { readonly cells: readonly Cell[]; readonly isBad: boolean }[],
): string {
  const cellsOf = (cells: readonly Cell[]) => cells.map((cell) => `<td>${escaped(String(cell))}</td>`).join('')
  return `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>
${rows.map(({ cells, isBad }) => `<tr${isBad ? ' class="bad"' : ''}>${cellsOf(cells)}</tr>`).join('\n')}
</tbody></table>`
}

const style = `
body { font: 14px/1.45 system-ui, sans-serif; max-width: 1140px; margin: 2rem auto; padding: 0 1rem; color: #1f2937 }
table { border-collapse: collapse; margin: .5rem 0 1.5rem } th, td { text-align: left; padding: .15rem .9rem .15rem 0; border-bottom: 1px solid #e5e7eb }
.bad td { color: #b91c1c; font-weight: 600 } .good { color: #047857 } .wrong { color: #b91c1c }
svg { width: 100%; font: 10px system-ui, sans-serif } .dim { fill: #6b7280 } .axis { stroke: #d1d5db }
.fault { fill: #dc2626; opacity: .75 } .missed { fill: #9ca3af }
code { background: #f3f4f6; padding: .1rem .3rem }`

/** The whole report in one file that asks for nothing from anywhere. */
export function reportHtml(judgement: Judgement): string {
  const { state, isPassed, wrongs } = judgement
  const verdict = isPassed
    ? '<p class="good">Every promise was kept, every dangerous window was reached.</p>'
    : `<ul class="wrong">${wrongs.map((wrong) => `<li>${escaped(wrong)}</li>`).join('')}</ul>`
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Faults, seed ${state.seed}</title><style>${style}</style>
<h1>Faults: ${isPassed ? 'passed' : 'failed'}</h1>
<p>${escaped(summary(judgement))}</p><p><code>${escaped(state.command)}</code></p>${verdict}
<h2>Timeline</h2>${timeline(judgement)}
${tables(judgement)}</html>\n`
}

function summary({ state, endedMs, kinds }: Judgement): string {
  const tookMs = endedMs.map((one) => one.tookMs)
  const struck = kinds.reduce((sum, one) => sum + one.struck, 0)
  return (
    `Seed ${state.seed}, commit ${state.commit}, ${state.begun} orders, ${struck} faults of ${kinds.length} kinds, ` +
    `${Math.round(state.elapsedMs / 1_000)} s, ${state.instances} of each service. Time to the verdict as customers saw it: ` +
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
