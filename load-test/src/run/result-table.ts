import { mark, type Row, sections } from '../report/columns'
import { type Measure, measureNames } from './measures'
import type { Result } from './result'
import type { Timings } from './timings'

export const milliseconds = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1))

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export const timingHead = ['ms', 'count', 'p50', 'p95', 'p99', 'max']

/** A row for each measure that there is, as `timingHead` says. */
export function timingRows(timings: Result['timings']): (readonly [Measure, ...string[]])[] {
  const row = (name: Measure, { count, p50Ms, p95Ms, p99Ms, maxMs }: Timings) =>
    [name, count.toLocaleString('en'), ...[p50Ms, p95Ms, p99Ms, maxMs].map(milliseconds)] as const
  return measureNames.flatMap((name) => {
    const timing = timings[name]
    return timing ? [row(name, timing)] : []
  })
}

/** Who used how much for a thousand orders, the most first, and the customers themselves last. */
export function processorRows({ processorSPer1000, customers }: Result): Row[] {
  const shop = Object.entries(processorSPer1000 ?? {}).sort(([, a], [, b]) => b - a)
  const total = shop.reduce((sum, [, seconds]) => sum + seconds, 0)
  return [
    ...shop.map(([name, seconds]) => [name, seconds.toFixed(2)]),
    shop.length > 0
      ? ['the shop together', total.toFixed(2)]
      : ['services and servers: not available (no process of ours on a Linux machine)', '–'],
    ['the customers (this program)', customers.processorSPer1000.toFixed(2)],
  ]
}

export function summary({ orders, ended, elapsedMs, ordersPerS, polling, requests, failures }: Result): string[] {
  return [
    `${ended} of ${orders} orders ended in ${(elapsedMs / 1_000).toFixed(1)} s: ${ordersPerS.toFixed(1)} orders/s`,
    `${polling.perOrder.toFixed(2)} polls per order, ${percent(polling.notModifiedShare)} of them 304; ` +
      `${requests} requests, ${failures} failed (no answer, 429 or 5xx)`,
  ]
}

export function ownCostText({ customers }: Result): string {
  const { coreShare, utilization, delayP99Ms } = customers
  const text =
    `the customers took ${percent(coreShare)} of one core, their event loop was busy ${percent(utilization)} of the time, ` +
    `their timers ${milliseconds(delayP99Ms)} ms late (p99)`
  return utilization > 0.9 ? `${text}: they, not the shop, may have been the limit` : text
}

const countRows = (counts: Readonly<Record<string, number>>): Row[] =>
  Object.entries(counts).map(([what, count]) => [what, count])

/** The result for a terminal. */
export function resultTable(result: Result): string {
  const { slos, audit, wrongs, seed, commit } = result
  const skipped = audit.invariants.filter(({ notChecked }) => notChecked !== undefined).length
  const shown: [string, readonly Row[]][] = [
    ['times (see --help)', [timingHead, ...timingRows(result.timings)]],
    ['how orders ended', countRows(result.outcomes)],
    ['requests that did not succeed', countRows(result.refusals)],
    ['processor seconds per 1,000 orders', processorRows(result)],
    ['targets', slos.map(({ slo, reached, isMet }) => [`${mark(isMet)} ${slo}`, reached])],
    [
      'audit',
      [
        [`${mark(audit.violationCount === 0)} invariants that hold`, kept(result) - skipped],
        ['  not checked', skipped],
        ['  violations', audit.violationCount],
      ],
    ],
  ]
  const verdict = wrongs.length === 0 ? 'passed' : `FAILED\n${wrongs.map((wrong) => `  ${wrong}`).join('\n')}`
  const about = [...summary(result), ownCostText(result)].map((line) => `  ${line}`).join('\n')
  return `${sections(shown)}\n\n${about}\n\nseed ${seed}, commit ${commit}: ${verdict}\n`
}

const kept = ({ audit }: Result) => audit.invariants.filter(({ violationCount }) => violationCount === 0).length
