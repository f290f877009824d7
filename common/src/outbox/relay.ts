import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Database } from '../db/database'
import { messageOf } from '../db/errors'
import { statement } from '../db/tx'
import { failpoint, failpointOnceSent } from '../failpoint'
import type { Log } from '../log'
import type { Bus } from '../messaging/bus'
import type { Metrics } from '../metrics'
import type { Id } from '../schemas'
import { type Published, recordPublished, tellingAgain } from '../tracing/publish-spans'
import type { Tracing } from '../tracing/tracing'
import type { OutgoingEvent } from './outgoing'
import { type Packet, pack } from './pack'

export interface RelayOptions {
  readonly database: Database
  readonly databaseUrl: string
  readonly bus: Bus
  readonly metrics: Metrics
  readonly log: Log
  readonly tracing?: Tracing | undefined
  readonly sweepEveryMs?: number
  /** An unsent row this old was forgotten by the process that wrote it. */
  readonly sweepAfterMs?: number
}

const SWEEP_PAGE = 1_000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

// meanwhile more are confirmed, and one deletion takes them all; nobody waits for it
const UNMARK_AFTER_MS = 200

// every fourth sweep looks at a table that was empty: what is there by then is swept seconds later at the earliest
const LOOK_WHEN_EMPTY = 4

// 5 s: an alarm every 5 s while nobody wants a type, not one every sweep
const REST_MS = 5_000

// Every sweep begins at the first unsent row. Only its pages go by "id >": from one sweep to the next that would
// miss events, since ids become visible out of commit order. Marks first, then their events one by one: left to itself
// the planner walks through a week of events and looks for the mark of each.
export const unsent = statement<OutgoingEvent>(
  'outbox-sweep',
  `WITH marked AS MATERIALIZED (
     SELECT id FROM outbox_unsent
     WHERE id > $2 AND created_at <= now() - $1 * interval '1 ms' ORDER BY id LIMIT ${SWEEP_PAGE}
   )
   SELECT event.* FROM marked CROSS JOIN LATERAL (
     SELECT id, type, envelope::text AS json FROM outbox WHERE outbox.id = marked.id OFFSET 0
   ) AS event ORDER BY event.id`,
)

const backlog = statement<{ count: number; age_s: number }>(
  'outbox-backlog',
  `SELECT count(*)::int AS count, COALESCE(extract(epoch FROM now() - min(created_at)), 0)::float AS age_s FROM outbox_unsent`,
)

/**
 * Publishes what was committed, straight from memory, and takes the mark "unsent" off when the broker has
 * confirmed. Whatever a crash, a lost connection or a timeout leaves marked is published again by the sweep, with
 * the same id: the consumers' inboxes drop the repeat.
 */
export class Relay {
  readonly #options: RelayOptions
  // Losing a deletion in a crash only repeats a publish, so these commits need not wait for the disk.
  readonly #cleaner: pg.Pool
  readonly #inFlight = new Set<Id>()
  #confirmed: Packet[] = []
  #cleaning: Promise<void> | undefined
  #sweeping: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #couldPublish = false
  /** When it was last looked at. */
  #isEmpty = false
  #ticks = 0
  // types the broker refused or returned a moment ago: meanwhile they hold up no others
  readonly #restingUntilMs = new Map<string, number>()

  constructor(options: RelayOptions) {
    this.#options = options
    this.#cleaner = new pg.Pool({
      connectionString: options.databaseUrl,
      max: 1,
      options: '-c synchronous_commit=off -c enable_seqscan=off',
      statement_timeout: 10_000,
      query_timeout: 15_000,
      connectionTimeoutMillis: 5_000,
      application_name: 'relay',
    })
    this.#cleaner.on('error', () => {})
    this.#cleaner.on('connect', (client) => client.on('error', () => {}))
    options.database.onCommitted((events) => this.send(events))
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), this.#options.sweepEveryMs ?? 500)
  }

  /** Never waits: with the broker away the events stay marked, and the sweep has them later. */
  send(events: readonly OutgoingEvent[]): void {
    const { bus, tracing } = this.#options
    if (bus.canPublish) for (const packet of pack(events)) void this.#publish(packet)
    else if (tracing) for (const packet of pack(events)) this.#tell(packet, 'left_to_sweep')
  }

  /** Waits until everything in flight is confirmed and unmarked, or given up. */
  async flush(): Promise<void> {
    while (this.#inFlight.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sweeping
    await this.#cleaning
    await this.#cleaner.end()
  }

  async #publish(packet: Packet): Promise<void> {
    const { bus, metrics, log } = this.#options
    const { message, ids } = packet
    for (const id of ids) this.#inFlight.add(id)
    try {
      failpoint('relay.before_publish', [message.routingKey])
      const confirming = bus.publish(message)
      failpointOnceSent('relay.published', [message.routingKey])
      const confirmation = await confirming
      metrics.published.inc({ outcome: confirmation }, ids.length)
      this.#tell(packet, confirmation)
      if (confirmation === 'confirmed') {
        failpoint('relay.confirmed', [message.routingKey])
        this.#unmark(packet)
        return
      }
      metrics.alarms.inc({ kind: 'unroutable' })
      log.error(
        { type: message.routingKey, events: ids.length, event: loneOf(ids) },
        'alarm: no queue is bound to this event type',
      )
    } catch (error) {
      metrics.published.inc({ outcome: 'unknown' }, ids.length)
      this.#tell(packet, 'unknown')
      const about = { type: message.routingKey, events: ids.length, event: loneOf(ids) }
      log.warn({ ...about, reason: messageOf(error) }, 'publish unconfirmed')
    }
    for (const id of ids) this.#inFlight.delete(id)
    if (bus.canPublish) this.#restingUntilMs.set(message.routingKey, performance.now() + REST_MS)
  }

  #tell({ tellings }: Packet, became: Published): void {
    const { tracing } = this.#options
    if (tracing && tellings.length > 0) recordPublished(tracing, tellings, became)
  }

  #unmark(packet: Packet): void {
    this.#confirmed.push(packet)
    this.#cleaning ??= this.#clean().finally(() => {
      this.#cleaning = undefined
    })
  }

  async #clean(): Promise<void> {
    while (this.#confirmed.length > 0) {
      await pause(UNMARK_AFTER_MS)
      const packets = this.#confirmed
      const ids = packets.flatMap((packet) => packet.ids)
      this.#confirmed = []
      try {
        await this.#cleaner.query({
          name: 'outbox-sent',
          text: 'DELETE FROM outbox_unsent WHERE id = ANY($1::uuid[])',
          values: [ids],
        })
        failpoint('relay.unmarked', () => packets.map(({ message }) => message.routingKey))
      } catch (error) {
        this.#options.log.warn({ reason: messageOf(error) }, 'sent events stay marked unsent: they will be sent again')
      }
      for (const id of ids) this.#inFlight.delete(id)
    }
  }

  #tick(): void {
    if (this.#sweeping) return
    const { canPublish } = this.#options.bus
    // a session that just came up takes everything at once: what it interrupted, and what was committed meanwhile
    const isFresh = canPublish && !this.#couldPublish
    const ageMs = isFresh ? 0 : (this.#options.sweepAfterMs ?? 5_000)
    this.#couldPublish = canPublish
    if (!isFresh && this.#isEmpty && ++this.#ticks % LOOK_WHEN_EMPTY !== 0) return
    this.#sweeping = this.#sweep(ageMs)
      .catch((error) => this.#options.log.warn({ reason: messageOf(error) }, 'outbox sweep failed'))
      .finally(() => {
        this.#sweeping = undefined
      })
  }

  async #sweep(ageMs: number): Promise<void> {
    const { database, bus, metrics, tracing } = this.#options
    const [state] = await database.query(backlog)
    metrics.outboxUnsent.set(state?.count ?? 0)
    this.#isEmpty = state?.count === 0
    metrics.outboxOldestAge.set(state?.age_s ?? 0)
    const isOld = state !== undefined && state.count > 0 && state.age_s * 1_000 >= ageMs
    let after: Id | undefined = isOld ? FIRST_ID : undefined
    while (after && bus.canPublish) {
      const rows: OutgoingEvent[] = await database.query(unsent, [ageMs, after])
      const forgotten = rows.filter(({ id, type }) => !this.#inFlight.has(id) && !this.#isResting(type))
      metrics.swept.inc(forgotten.length)
      const again = tracing ? forgotten.map((event) => ({ ...event, telling: tellingAgain(event.json) })) : forgotten
      // the confirms of one page throttle the next
      await Promise.all(pack(again).map((packet) => this.#publish(packet)))
      await this.#cleaning
      after = rows.length === SWEEP_PAGE ? rows.at(-1)?.id : undefined
    }
  }

  #isResting(type: string): boolean {
    return (this.#restingUntilMs.get(type) ?? 0) > performance.now()
  }
}

const loneOf = (ids: readonly Id[]): Id | undefined => (ids.length === 1 ? ids[0] : undefined)
