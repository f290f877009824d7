import { setTimeout as pause } from 'node:timers/promises'
import { queuesOf } from './broker'
import { Databases } from './databases'
import type { AuditSources, Told } from './sources'
import { daysAgo, floorOf } from './uuid-time'
import { heardBy, publishers } from './who-hears-what'

/** What still moves, one line each. While anything does, an audit may report as broken what is only not done yet. */
export async function inFlight(sources: AuditSources): Promise<string[]> {
  const databases = new Databases(sources.databases)
  try {
    const [counts, unheard, queues] = await Promise.all([open(databases), unheardEvents(databases), queuesOf(sources)])
    const messages = queues.map(
      ({ messages_ready: ready = 0, messages_unacknowledged: unacked = 0 }) => ready + unacked,
    )
    const all = { ...counts, ...unheard, 'messages in queues': messages.reduce((sum, one) => sum + one, 0) }
    return Object.entries(all)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${what}`)
  } finally {
    await databases.close()
  }
}

const ASK_AGAIN_MS = 500

interface Waiting {
  readonly waitMs: number
  /** Hears what is in flight, each time it changes. */
  say(line: string): void
}

/** Waits until nothing moves any more. false: something still does. */
export async function whenQuiet(sources: AuditSources, { waitMs, say }: Waiting): Promise<boolean> {
  const deadline = performance.now() + waitMs
  for (let said = ''; ; ) {
    const moving = (await inFlight(sources)).join(', ')
    if (moving === '') return true
    if (moving !== said) say(`not quiet yet: ${moving}`)
    said = moving
    if (performance.now() > deadline) return false
    await pause(ASK_AGAIN_MS)
  }
}

type Counts = Record<string, number>

async function open(databases: Databases): Promise<Counts> {
  const count = async (service: Parameters<Databases['query']>[0], from: string) =>
    (await databases.query<{ n: number }>(service, `SELECT count(*)::int AS n FROM ${from}`))[0]?.n ?? 0
  const each = async (table: string) =>
    (await Promise.all(databases.services.map((service) => count(service, table)))).reduce((sum, n) => sum + n, 0)
  return {
    'pending orders': await count('order-service', `orders WHERE status = 'pending'`),
    'refunds due': await count('order-service', `orders WHERE refund = 'due'`),
    'open payments': await count(
      'payment-service',
      `payments WHERE state IN ('charging', 'captured', 'refunding') AND needs_attention IS NULL`,
    ),
    'mails due': await count('mailer-service', `mails JOIN addresses USING (user_id) WHERE state = 'due'`),
    'unsent events': await each('outbox_unsent'),
    'parked events': await each('parked'),
  }
}

const RECENT_DAYS = 10 / (24 * 60)

/** The queues' own figures come late: what was told in the last minutes is looked for in the inboxes. */
async function unheardEvents(databases: Databases): Promise<Counts> {
  const recent: Told[] = []
  for (const publisher of publishers) {
    if (!databases.has(publisher)) continue
    const sql = 'SELECT id, type FROM outbox WHERE id >= $1'
    recent.push(...(await databases.query<Told>(publisher, sql, [floorOf(daysAgo(RECENT_DAYS))])))
  }
  const unheard = await Promise.all(
    databases.services.map(async (service) => {
      const ids = recent.filter(({ type }) => heardBy(type).includes(service)).map(({ id }) => id)
      const [row] = await databases.query<{ n: number }>(
        service,
        `SELECT count(*)::int AS n FROM unnest($1::uuid[]) AS told(id)
         WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.id = told.id)
           AND NOT EXISTS (SELECT FROM parked WHERE event_id = told.id)
           AND NOT EXISTS (SELECT FROM dead_letters WHERE event_id = told.id)`,
        [ids],
      )
      return [`events not handled by ${service}`, row?.n ?? 0] as const
    }),
  )
  return Object.fromEntries(unheard)
}
