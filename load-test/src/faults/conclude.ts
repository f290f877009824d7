import { auditRun } from './audit'
import { countKinds, type Judgement, wrongsIn } from './judgement'
import type { Observations } from './load/observations'
import { readClients } from './measure/clients'
import { countWindows } from './measure/counters'
import { gatherFacts } from './measure/facts'
import { readLogs } from './measure/logs'
import type { MetricsWatch } from './measure/metrics'
import { measurePromises } from './measure/promises'
import { schedule } from './schedule'
import type { Site } from './site/site'
import { judgeGrowth, type Levels } from './soak'
import type { State } from './state'

export interface Ended {
  readonly site: Site
  readonly state: State
  readonly observations: Observations
  readonly metrics: MetricsWatch
  readonly levels: readonly Levels[]
  readonly healedAt: Date
  readonly isQuiet: boolean
}

const losesQueue = (kind: string) => kind === 'delete-queue' || kind === 'remove-binding'

/** What a run that has come to rest was worth. */
export async function conclude(ended: Ended): Promise<Judgement> {
  const { site, state, observations, metrics, levels, healedAt, isQuiet } = ended
  const { faults, exits, cutCommits, instances, size, seed } = state
  const facts = await gatherFacts(site)
  const clients = await readClients(observations.observationsFile, observations.incidentsFile)
  const logs = await readLogs(site.logDirectory, site.servers.postgresLog)
  const measured = { facts, clients, logs, metrics, cutCommits }
  const { poisons, endedMs } = clients
  const { mailRetries } = facts
  const queueWasLost = faults.some(({ kind, hasStruck }) => hasStruck && losesQueue(kind))
  const judged = {
    state,
    isQuiet,
    endedMs,
    kinds: countKinds(schedule(seed, size), faults),
    counters: countWindows(measured, size.isPartial ? 1 : size.orders, faults),
    promises: measurePromises(measured, { faults, exits, healedAtMs: healedAt.getTime() }),
    growth: judgeGrowth(levels),
    levels,
    audit: await auditRun({ site, instances, observations, poisons, exits, mailRetries, healedAt, queueWasLost }),
  }
  const wrongs = wrongsIn(judged)
  return { ...judged, wrongs, isPassed: wrongs.length === 0 }
}
