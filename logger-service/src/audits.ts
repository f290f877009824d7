import { type Caller, type Database, type Id, notFound } from '@order-saga/common'
import { type Ending, endAudit, findAudit, insertAudit, listAudits } from './db/audits'
import { type AuditReport, detailsOf, summaryOf } from './domain/audit'
import type { Peers } from './peers/peers'

interface Run {
  readonly id: Id
  readonly startedAt: string
  readonly endedAt: string | null
  readonly report: AuditReport | null
  readonly why: string | null
}

/**
 * Audits of the shop. The auditor reads all databases, which this service must not; here is kept who wanted an audit and
 * what it found. An administrator's token is remembered while the audit runs, in memory alone.
 */
export class Audits {
  readonly #watched = new Map<Id, string>()

  constructor(
    private readonly peers: Peers,
    private readonly database: Database,
  ) {}

  async begin({ userId: by, token }: Caller): Promise<Id> {
    const { id, startedAt } = await this.peers.must<Run>('auditor', '/audits', { method: 'POST', token })
    await this.database.transaction((tx) => insertAudit(tx, { id, by, startedAt }))
    this.#watched.set(id, token)
    return id
  }

  /** Newest first. One that an earlier process of ours began is followed by whoever looks. */
  async list({ after, limit = 50 }: { after?: Id; limit?: number }, { token }: Caller) {
    const found = await listAudits(this.database, after, limit + 1)
    const rows = found.slice(0, limit)
    for (const { id, endedAt } of rows) if (!endedAt) this.#watched.set(id, token)
    return { audits: rows.map(summaryOf), next: found.length > limit ? (rows.at(-1)?.id ?? null) : null }
  }

  async find(id: Id) {
    const row = await findAudit(this.database, id)
    if (!row) throw notFound('audit')
    return detailsOf(row)
  }

  /** Asks the auditor how far those have come that somebody waits for. */
  async look(): Promise<void> {
    for (const [id, token] of this.#watched) {
      const { status, body } = await this.peers.ask<Run>('auditor', `/audits/${id}`, { token })
      if (status === 200 && !body.endedAt) continue
      if (status === 200) await this.#end(id, { ...body, endedAt: body.endedAt ?? body.startedAt })
      if (status === 404) await this.#end(id, { endedAt: new Date().toISOString(), report: null, why: FORGOTTEN })
      // 401: the token has expired; the next one who looks has another
      this.#watched.delete(id)
    }
  }

  async #end(id: Id, ending: Ending): Promise<void> {
    await this.database.transaction((tx) => endAudit(tx, id, ending))
  }
}

const FORGOTTEN = 'The auditor was started anew meanwhile, and knows nothing of it.'
