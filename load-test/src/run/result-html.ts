import { barsSvg } from '../report/bars'
import { CHART_HEIGHT, type ChartOverTime, chartsSvg, timeAxis, timeScale, WIDTH } from '../report/chart-over-time'
import { page, table, verdictHtml } from '../report/page'
import { measures } from './measures'
import type { Sample } from './recorder'
import type { Result } from './result'
import { ownCostText, processorRows, summary, timingHead, timingRows } from './result-table'

/** The whole result in one file that asks for nothing from anywhere. */
export function resultHtml(result: Result): string {
  const { isPassed, wrongs, seed, command, machine, commit, at } = result
  const circumstances = `${at}, commit ${commit}, seed ${seed}, ${machine.cores} cores (${machine.processor}), Node ${machine.node}`
  return page({
    title: `Load test, seed ${seed}`,
    heading: `Load test: ${isPassed ? 'passed' : 'failed'}`,
    summary: `${summary(result).join('. ')}. ${circumstances}, load before ${machine.loadBefore.toFixed(1)}.`,
    command,
    verdict: verdictHtml(wrongs, 'Every promise was kept, every target met.'),
    body: [...plots(result), ...tables(result)].join('\n'),
  })
}

function plots({ samples, terminalBins, outcomes, polling }: Result): string[] {
  const bars = (counts: Readonly<Record<string, number>>) =>
    barsSvg(Object.entries(counts).map(([label, value]) => ({ label, value })))
  return [
    '<h2>Over time</h2>',
    overTime(samples),
    '<h2>Milliseconds from accepted to terminal, as customers saw it</h2>',
    barsSvg(
      terminalBins.map(({ upToMs, count }) => ({ label: `up to ${upToMs.toLocaleString('en')} ms`, value: count })),
    ),
    '<h2>How orders ended</h2>',
    bars(outcomes),
    '<h2>Polls per order</h2>',
    bars(polling.pollsPerOrder),
  ]
}

function overTime(samples: readonly Sample[]): string {
  const endMs = Math.max(1, ...samples.map(({ atMs }) => atMs))
  const x = timeScale(endMs)
  const charts: ChartOverTime[] = [
    { title: 'orders ended per second', colour: '#059669', points: perSecond(samples, 'ended') },
    { title: 'orders begun per second', colour: '#b45309', points: perSecond(samples, 'begun') },
    { title: 'orders in flight', colour: '#2563eb', points: samples.map(({ atMs, inFlight }) => [atMs, inFlight]) },
  ]
  const height = charts.length * CHART_HEIGHT + 30
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="orders over time">
${chartsSvg(charts, x)}
${timeAxis(endMs, height - 22, x)}
</svg>`
}

/** Between each sample and the one before it. */
export function perSecond(samples: readonly Sample[], of: 'begun' | 'ended'): [number, number][] {
  return samples.map((sample, n) => {
    const before = samples[n - 1] ?? { atMs: 0, begun: 0, ended: 0 }
    return [sample.atMs, ((sample[of] - before[of]) * 1_000) / Math.max(1, sample.atMs - before.atMs)]
  })
}

function tables(result: Result): string[] {
  const rows = (cells: readonly (readonly (string | number)[])[]) => cells.map((one) => ({ cells: one }))
  const sections = [
    '<h2>Times</h2>',
    table([...timingHead, ''], rows(timingRows(result.timings).map((row) => [...row, measures[row[0]]]))),
    '<h2>Processor seconds per 1,000 orders</h2>',
    table(['process', 's'], rows(processorRows(result))),
    `<p>${ownCostText(result)}</p>`,
    '<h2>Requests that did not succeed</h2>',
    table(['step and status', 'count'], rows(Object.entries(result.refusals))),
    '<h2>Targets</h2>',
    table(
      ['target', 'reached'],
      result.slos.map(({ slo, reached, isMet }) => ({ cells: [slo, reached], isBad: !isMet })),
    ),
    '<h2>Audit</h2>',
    table(
      ['', 'invariant', 'checked', 'violations', ''],
      result.audit.invariants.map(({ id, says, checked, violationCount, violations, notChecked }) => ({
        cells: [id, says, checked, violationCount, notChecked ?? violations.slice(0, 3).join('; ')],
        isBad: violationCount > 0,
      })),
    ),
  ]
  return sections
}
