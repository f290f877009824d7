import { setMaxListeners } from 'node:events'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Crowd, type CrowdOptions } from '../run/crowd'
import { Http } from '../run/http'
import { type Counts, Recorder } from '../run/recorder'
import { LineFile } from '../shoppers/line-file'
import type { Observation } from '../shoppers/observation'
import type { System } from './system'

const ENDS = ['accepted', 'terminal', 'settled'] as const

type Percentiles = { readonly p50Ms: number; readonly p99Ms: number }

/** What one measurement came to. */
export interface Figures {
  readonly ordersPerS: number
  readonly orders: number
  readonly times: Readonly<Record<(typeof ENDS)[number], Percentiles>>
  /** Milliseconds of processor an order, by process; of services and servers. */
  readonly processorMs: Readonly<Record<string, number>>
  /** The same for the customers, who are in no sum. */
  readonly customersMs: number
  /** No answer, 429 or 5xx. */
  readonly failures: number
  readonly accepted: number
  readonly outcomes: Counts
  /** Requests that did not succeed, by step and status. */
  readonly refusals: Counts
  /** Refusals that did not say when to come again. */
  readonly unhinted: number
  /** From the first customer to the last one's leaving. */
  readonly elapsedMs: number
}

/** Lets customers come to a system. What one stumbles over ends the benchmark. */
export async function measure(system: System, options: CrowdOptions): Promise<Figures> {
  const recorder = new Recorder()
  const http = new Http(recorder)
  const leaving = new AbortController()
  setMaxListeners(0, leaving.signal)
  const path = join(tmpdir(), `order-saga-bench-${process.pid}.jsonl`)
  const observations = new LineFile<Observation>(path)
  try {
    const { catalogue } = system
    const url = system.url.bind(system)
    const around = { url, catalogue, http, recorder, observations, signal: leaving.signal }
    const crowd = new Crowd(around, options, system.customers)
    const driven = await crowd.come(system.processes())
    if (crowd.failure !== undefined) throw crowd.failure
    return figuresOf(recorder, driven)
  } finally {
    leaving.abort()
    await Promise.all([http.close(), observations.close()])
    rmSync(path, { force: true })
  }
}

function figuresOf(recorder: Recorder, { elapsedMs, processor, ownCost }: Awaited<ReturnType<Crowd['come']>>): Figures {
  const { ended, timings, failures, outcomes, refusals, unhinted } = recorder
  const perOrder = (seconds: number) => (seconds * 1_000) / Math.max(ended, 1)
  const timesOf = (name: (typeof ENDS)[number]) => {
    const { p50Ms = Number.NaN, p99Ms = Number.NaN } = timings[name] ?? {}
    return { p50Ms, p99Ms }
  }
  return {
    ordersPerS: ended / (elapsedMs / 1_000),
    orders: ended,
    times: { accepted: timesOf('accepted'), terminal: timesOf('terminal'), settled: timesOf('settled') },
    processorMs: Object.fromEntries(Object.entries(processor ?? {}).map(([name, s]) => [name, perOrder(s)])),
    customersMs: perOrder(ownCost.processorS),
    failures,
    accepted: timings.accepted?.count ?? 0,
    outcomes,
    refusals,
    unhinted,
    elapsedMs,
  }
}
