import type { Databases } from './databases'
import type { Findings } from './report'
import type { Poison } from './sources'
import { daysAgo, floorOf, oldestKept } from './uuid-time'
import { events, journalist, kept, type ServiceName } from './who-hears-what'

/** L5: nothing is left over, and nothing is kept for too long. */
export async function auditLeftovers(databases: Databases, findings: Findings): Promise<void> {
  await Promise.all(databases.services.map((service) => auditService(databases, service, findings)))
}

async function auditService(databases: Databases, service: ServiceName, findings: Findings): Promise<void> {
  type Row = { id: string; type: string | null }
  const [unsent, parked, [stale]] = await Promise.all([
    databases.query<Row>(service, 'SELECT id, type FROM outbox_unsent LEFT JOIN outbox USING (id) ORDER BY id'),
    databases.query<Row>(service, 'SELECT event_id AS id, type FROM parked ORDER BY event_id'),
    databases.query<Stale>(service, staleIn(service), [
      floorOf(oldestKept(kept.outbox)),
      floorOf(oldestKept(kept.inbox)),
      floorOf(daysAgo(kept.personalOutbox + 2 / 24)),
      Object.keys(events).filter((type) => events[type]?.isPersonal),
      floorOf(oldestKept(kept.journal)),
    ]),
  ])
  for (const { id, type } of unsent) findings.broken('L5', `${service}: ${type ?? 'event'} ${id} is unsent`)
  for (const { id, type } of parked) findings.broken('L5', `${service}: ${type ?? 'event'} ${id} is parked`)
  for (const [table, count] of Object.entries(stale ?? {}))
    if (count > 0) findings.broken('L5', `${service}: ${count} rows of ${table} are older than they may be`)
  findings.checked('L5', unsent.length + parked.length + Object.keys(stale ?? {}).length)
}

type Stale = Record<'outbox' | 'inbox' | 'personal outbox' | 'journal', number>

/** An unsent event is kept until it is sent. */
const staleIn = (service: ServiceName): string => `
  SELECT
    (SELECT count(*)::int FROM outbox o WHERE id < $1 AND NOT EXISTS (SELECT FROM outbox_unsent u WHERE u.id = o.id)) AS outbox,
    (SELECT count(*)::int FROM inbox WHERE id < $2) AS inbox,
    (SELECT count(*)::int FROM outbox o WHERE id < $3 AND type = ANY($4)
       AND NOT EXISTS (SELECT FROM outbox_unsent u WHERE u.id = o.id)) AS "personal outbox",
    ${service === journalist ? '(SELECT count(*)::int FROM journal WHERE id < $5)' : '($5::uuid IS NULL)::int'} AS journal`

interface DeadLetter {
  readonly event_id: string | null
  readonly message_id: string | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
}

/** D1: dead letters are what was injected as poison, each for its reason, and nothing else. */
export async function auditDeadLetters(
  databases: Databases,
  poisons: readonly Poison[],
  findings: Findings,
): Promise<void> {
  const missing = new Set(poisons)
  for (const service of databases.services) {
    const letters = await databases.query<DeadLetter>(service, DEAD)
    for (const { event_id, message_id, type, reason, error } of letters) {
      const poison = [...missing].find((one) => one.service === service && [event_id, message_id].includes(one.id))
      if (poison) missing.delete(poison)
      const name = `${service}: dead letter ${event_id ?? message_id ?? 'without id'} (${type ?? 'no type'}, ${reason})`
      if (!poison) findings.broken('D1', `${name} was not injected: ${error}`)
      else if (poison.reason !== reason) findings.broken('D1', `${name} should be dead as ${poison.reason}`)
    }
    findings.checked('D1', letters.length)
  }
  for (const { service, id, reason } of missing)
    findings.broken('D1', `${service}: the poison ${id} is no dead letter (${reason})`)
}

const DEAD = `
  SELECT event_id, coalesce(properties ->> 'messageId', envelope ->> 'id') AS message_id, type, reason, left(error, 200) AS error
  FROM dead_letters d
  -- a mail that was refused for good is judged with the mails (E1)
  WHERE reason <> 'mail_refused'
  -- what a person discarded, on record, is done with
  AND (discarded_at IS NULL OR NOT EXISTS (
    SELECT FROM dead_letter_actions a WHERE a.letter_id = d.id AND a.action = 'discard' AND a.outcome = 'discarded'))
  ORDER BY id`
