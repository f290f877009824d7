import { cpus, loadavg } from 'node:os'
import type { AuditReport } from '@order-saga/scripts/audit'
import { commit } from '../report/commit'
import type { Measure } from './measures'
import { mixText } from './mix'
import type { Options } from './options'
import type { OwnCost } from './own-cost'
import type { ProcessorSeconds } from './process-times'
import type { Counts, Recorder, Sample } from './recorder'
import { judgeSlo, type SloResult } from './slo'
import type { Bin, Timings } from './timings'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly node: string
  /** Of the minute before: what others did to the machine. */
  readonly loadBefore: number
}

/** Everything a run came to: what `--json` writes. */
export interface Result {
  readonly isPassed: boolean
  /** What is wrong, a line each. */
  readonly wrongs: readonly string[]
  readonly command: string
  readonly commit: string
  readonly at: string
  readonly seed: number
  readonly machine: Machine
  readonly options: Readonly<Record<string, unknown>>
  /** From the first customer to the last one's leaving. */
  readonly elapsedMs: number
  /** Customers who wanted to order, and what became of them: the outcomes add up to it. */
  readonly orders: number
  readonly ended: number
  readonly ordersPerS: number
  readonly outcomes: Counts
  readonly timings: Readonly<Partial<Record<Measure, Timings>>>
  readonly terminalBins: readonly Bin[]
  readonly requests: number
  readonly failures: number
  /** Requests that did not succeed, by step and status. */
  readonly refusals: Counts
  readonly polling: { readonly perOrder: number; readonly notModifiedShare: number; readonly pollsPerOrder: Counts }
  /** For every thousand orders that ended; undefined: not available here. */
  readonly processorSPer1000: ProcessorSeconds | undefined
  readonly customers: OwnCost & { readonly processorSPer1000: number }
  readonly slos: readonly SloResult[]
  readonly isQuiet: boolean
  readonly audit: AuditReport
  readonly samples: readonly Sample[]
}

/** What a run that has come to rest leaves to be judged. */
export interface Ended {
  readonly options: Options
  readonly command: string
  readonly machine: Machine
  readonly at: Date
  readonly elapsedMs: number
  readonly recorder: Recorder
  readonly processor: ProcessorSeconds | undefined
  readonly ownCost: OwnCost
  readonly isQuiet: boolean
  readonly audit: AuditReport
  readonly failure: unknown
}

export const machineNow = (): Machine => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
})

export function resultOf(ended: Ended): Result {
  const { options, command, machine, at, elapsedMs, recorder, ownCost, isQuiet, audit, processor } = ended
  const { timings } = recorder
  const ordersPerS = recorder.ended / (elapsedMs / 1_000)
  const failedPercent = (100 * recorder.failures) / Math.max(recorder.requests, 1)
  const slos = options.slos.map((slo) => judgeSlo(slo, { timings, ordersPerS, failedPercent }))
  const wrongs = wrongsIn(ended, slos)
  const per1000 = (seconds: number) => (seconds * 1_000) / Math.max(recorder.ended, 1)
  return {
    isPassed: wrongs.length === 0,
    wrongs,
    command,
    commit: commit(),
    at: at.toISOString(),
    seed: options.seed,
    machine,
    options: { ...options, mix: mixText(options.mix), slos: options.slos.map(({ text }) => text) },
    elapsedMs: Math.round(elapsedMs),
    orders: recorder.begun,
    ended: recorder.ended,
    ordersPerS,
    outcomes: recorder.outcomes,
    timings,
    terminalBins: recorder.terminalBins,
    requests: recorder.requests,
    failures: recorder.failures,
    refusals: recorder.refusals,
    polling: {
      perOrder: recorder.polls / Math.max(recorder.ended, 1),
      notModifiedShare: recorder.unchangedPolls / Math.max(recorder.polls, 1),
      pollsPerOrder: recorder.pollsPerOrder,
    },
    processorSPer1000:
      processor && Object.fromEntries(Object.entries(processor).map(([name, seconds]) => [name, per1000(seconds)])),
    customers: { ...ownCost, processorSPer1000: per1000(ownCost.processorS) },
    slos,
    isQuiet,
    audit,
    samples: recorder.samples,
  }
}

function wrongsIn({ recorder, isQuiet, audit, failure }: Ended, slos: readonly SloResult[]): string[] {
  return [
    ...(failure === undefined ? [] : [`a customer failed: ${failure instanceof Error ? failure.message : failure}`]),
    ...(recorder.ended > 0 ? [] : ['no order came to its end']),
    ...(isQuiet ? [] : ['the shop did not come to rest']),
    ...slos.filter(({ isMet }) => !isMet).map(({ slo, reached }) => `target missed: ${slo}: ${reached}`),
    ...audit.invariants.flatMap(({ id, violations, violationCount }) =>
      violationCount > 0 ? [`${id}: ${violationCount} violations, the first: ${violations[0]}`] : [],
    ),
  ]
}
