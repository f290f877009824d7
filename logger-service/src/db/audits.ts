import { type Id, type Queryable, statement, type Tx } from '@order-saga/common'
import type { AuditReport, AuditRow } from '../domain/audit'

const COLUMNS = `id, started_by AS by, started_at AS "startedAt", ended_at AS "endedAt", report, why`

const insert = statement('audit-begun', 'INSERT INTO audits (id, started_by, started_at) VALUES ($1, $2, $3)')
const end = statement(
  'audit-ended',
  'UPDATE audits SET ended_at = $2, report = $3::json, why = $4 WHERE id = $1 AND ended_at IS NULL',
)
const find = statement<AuditRow>('audit-find', `SELECT ${COLUMNS} FROM audits WHERE id = $1`)
const list = statement<AuditRow>(
  'audit-list',
  `SELECT ${COLUMNS} FROM audits WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
)

export const insertAudit = (tx: Tx, { id, by, startedAt }: { id: Id; by: Id; startedAt: string }) =>
  tx.execute(insert, [id, by, startedAt])

export interface Ending {
  readonly endedAt: string
  readonly report: AuditReport | null
  readonly why: string | null
}

/** Once: whoever hears of it later changes nothing. */
export const endAudit = (tx: Tx, id: Id, { endedAt, report, why }: Ending) =>
  tx.execute(end, [id, endedAt, report && JSON.stringify(report), why])

export const findAudit = async (db: Queryable, id: Id): Promise<AuditRow | undefined> => (await db.query(find, [id]))[0]

/** Newest first. */
export const listAudits = (db: Queryable, after: Id | undefined, limit: number): Promise<AuditRow[]> =>
  db.query(list, [after, limit])
