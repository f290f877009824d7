import type { Database, Id } from '@order-saga/common'
import { EntitySchema, LessThan } from 'typeorm'

/** An entry as its readers see it; it is written by the statement beside this file. */
export interface EntryRow {
  readonly id: Id
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly orderId: Id | null
  readonly occurredAt: Date
  readonly recordedAt: Date
  readonly correlationId: Id
  readonly causationId: Id | null
  readonly repeats: Id | null
  readonly traceparent: string | null
  readonly data: unknown
}

const optionalId = (name: string) => ({ name, type: 'uuid', nullable: true }) as const

export const journalEntity = new EntitySchema<EntryRow>({
  name: 'journal',
  columns: {
    id: { type: 'uuid', primary: true },
    type: { type: 'text' },
    source: { type: 'text' },
    subject: { type: 'text' },
    orderId: optionalId('order_id'),
    occurredAt: { name: 'occurred_at', type: 'timestamptz' },
    recordedAt: { name: 'recorded_at', type: 'timestamptz' },
    correlationId: { name: 'correlation_id', type: 'uuid' },
    causationId: optionalId('causation_id'),
    repeats: optionalId('repeats'),
    traceparent: { type: 'text', nullable: true },
    data: { type: 'json' },
  },
})

export interface EventFilter {
  readonly type?: string
  readonly orderId?: Id
  readonly before?: Id
  readonly limit?: number
}

/** Newest first. */
export async function findEvents(database: Database, filter: EventFilter): Promise<EntryRow[]> {
  const { type, orderId, before, limit = 50 } = filter
  const entries = (await database.manager()).getRepository(journalEntity)
  const where = { ...(type && { type }), ...(orderId && { orderId }), ...(before && { id: LessThan(before) }) }
  return entries.find({ where, order: { id: 'DESC' }, take: limit })
}
