import { serviceNames } from '@order-saga/common'
import {
  type AuditReport,
  type AuditSources,
  audit,
  type Exit,
  type Poison,
  whenQuiet,
} from '@order-saga/scripts/audit'
import { POISONED } from './catalogue/outside'
import type { Observations } from './load/observations'
import { logFilesIn } from './measure/logs'
import type { Exit as ServiceExit } from './site/service-process'
import type { Site } from './site/site'

const KILLED = 137

/** Where the auditor looks: the servers themselves, past every proxy. */
export function sourcesOf(site: Site, instances: number): AuditSources {
  const { where } = site.servers
  const databases = serviceNames.map((service) => [service, site.servers.databaseUrl(service)] as const)
  return {
    databases: Object.fromEntries(databases),
    providerUrl: where.providerUrl,
    mailUrl: where.mailApiUrl,
    management: { url: where.amqpAdminUrl, vhost: where.vhost },
    instances: site.processes.map(({ url }) => url),
    expectations: { instancesOf: Object.fromEntries(serviceNames.map((service) => [service, instances])) },
  }
}

export interface AuditOf {
  readonly site: Site
  readonly instances: number
  readonly observations: Pick<Observations, 'observationsFile'>
  readonly poisons: readonly string[]
  readonly exits: readonly ServiceExit[]
  /** How often a mail was tried again: each time it may have arrived before. */
  readonly mailRetries: number
  readonly healedAt: Date
  /** A fault took a queue or its bindings away. */
  readonly queueWasLost: boolean
}

export function auditRun(run: AuditOf): Promise<AuditReport> {
  const { site, instances, observations, poisons, exits, mailRetries, healedAt, queueWasLost } = run
  const sources = sourcesOf(site, instances)
  return audit({
    ...sources,
    expectations: {
      ...sources.expectations,
      observations: observations.observationsFile,
      healedAt,
      mailerKills: mailRetries,
      queueWasLost,
      injectedPoisons: poisons.flatMap((id) =>
        POISONED.map((service): Poison => ({ service, id, reason: 'malformed' })),
      ),
      exits: exits.map(
        ({ process, code, isInjected }): Exit => ({ service: process, code: isInjected ? (code ?? KILLED) : code }),
      ),
      allowedExitCodes: [KILLED],
      logFiles: logFilesIn(site.logDirectory),
    },
  })
}

/** false: something still moves when the time is up. */
export const untilQuiet = (site: Site, instances: number, waitMs: number, say: (line: string) => void) =>
  whenQuiet(sourcesOf(site, instances), { waitMs, say })
