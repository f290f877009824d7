import { type ServiceName, serviceNames } from '@order-saga/common'
import { participants } from '@order-saga/scripts/participants'
import type { Databases } from '@order-saga/scripts/shop/databases'

interface Told {
  readonly id: string
  readonly at: Date
}

const HANDLED_OR_KEPT = `SELECT id FROM inbox WHERE id = ANY($1::uuid[])
  UNION SELECT event_id FROM parked WHERE event_id = ANY($1::uuid[])
  UNION SELECT event_id FROM dead_letters WHERE event_id = ANY($1::uuid[])`

// a queue whose reader was away for longer than that is told again in part
const LOOKED_AT = `created_at > now() - interval '15 minutes'`

// an event is dated by the begin of its transaction, which may go on while we look
const MAX_TRANSACTION_MS = 10_000

/** When the oldest event was told that a service has not handled: what waits in its queue, or will, is no older. */
export async function oldestUnheard(databases: Databases, reader: ServiceName): Promise<Date> {
  const undecidedMs = Date.now() - MAX_TRANSACTION_MS
  const types = participants.find(({ service, hearsEverything }) => service === reader && !hearsEverything)?.reacts
  const sql = `SELECT id, created_at AS at FROM outbox WHERE ${LOOKED_AT} AND ($1::text[] IS NULL OR type = ANY($1))`
  const outboxes = await Promise.all(
    serviceNames.map((service) => databases.query<Told>(service, sql, [types ?? null])),
  )
  const told = outboxes.flat()
  const handled = await databases.query<{ id: string }>(reader, HANDLED_OR_KEPT, [told.map(({ id }) => id)])
  const known = new Set(handled.map(({ id }) => id))
  const unheard = told.filter(({ id }) => !known.has(id))
  return new Date(Math.min(undecidedMs, ...unheard.map(({ at }) => at.getTime())))
}
