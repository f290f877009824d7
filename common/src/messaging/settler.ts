import type { Envelope } from '../contracts/envelope'
import type { Database } from '../db/database'
import { classify, messageOf, PermanentError } from '../db/errors'
import type { Tx } from '../db/tx'
import { failpoint } from '../failpoint'
import { newId } from '../ids'
import type { Log } from '../log'
import type { LineKind, LineLevel } from '../logs/log-line'
import { aboutEvent, fieldsOfEvent, nobodyTold, type TellLines } from '../logs/tell-lines'
import type { Metrics } from '../metrics'
import type { Saga } from '../saga/saga'
import { SagaRunner, type Told } from '../saga/saga-runner'
import type { Id } from '../schemas'
import type { ProcessSpans } from '../tracing/process-spans'
import { bury, buryRefused, type Failure } from './dead-letters'
import { forgetStarts, recordStart } from './delivery-starts'
import { claim, claimOne, isSettled, unclaim } from './inbox'
import type { Opened, Refused } from './open'
import { dueIds, lockParked, MAX_ATTEMPTS, type ParkedRow, park, parkAgain, unpark } from './parked'

const MAX_CONTENTION_RETRIES = 5
// a fifth start of an event that never came to an end: it takes the process down with it
const MAX_STARTS = 5

interface SettlerOptions<Book> {
  readonly database: Database
  readonly saga: Saga<Book>
  readonly metrics: Metrics
  readonly log: Log
  /** Hears what a journey shows beside events. */
  readonly lines?: TellLines
  readonly spans?: ProcessSpans | undefined
}

interface Settled {
  readonly told: readonly Told[]
  readonly duplicates: readonly Opened[]
  /** Of who had them tried again. */
  readonly links?: readonly string[]
}

/**
 * Settles events for good: done, parked or dead, each a committed row in the service's own database. Every method
 * throws only when a server is away, and then nothing has happened.
 */
export class Settler<Book> {
  readonly #database: Database
  readonly #saga: SagaRunner<Book>
  readonly #metrics: Metrics
  readonly #log: Log
  readonly #lines: TellLines
  readonly #spans: ProcessSpans | undefined
  // begun here and not ended: the server was away. The start is on record, and this process has survived it
  readonly #begun = new Set<Id>()

  constructor({ database, saga, metrics, log, lines = nobodyTold, spans }: SettlerOptions<Book>) {
    this.#database = database
    this.#saga = new SagaRunner(saga)
    this.#metrics = metrics
    this.#log = log
    this.#lines = lines
    this.#spans = spans
  }

  /**
   * One transaction for all of them; if that fails, one for each half, down to the events that fail alone: one poison
   * event costs a batch of 200 sixteen transactions more, so it holds up its neighbours for a moment only.
   */
  async settle(opened: readonly Opened[], refused: readonly Refused[]): Promise<void> {
    failpoint('delivery.received', () => this.namesOf(opened))
    const stopTimer = this.#metrics.batchDuration.startTimer()
    this.#spans?.begin(opened.map(({ event }) => event))
    try {
      this.#count(await this.#transaction((tx) => this.#settleAll(tx, opened, refused)))
      this.#metrics.batchSize.observe(opened.length)
    } catch (error) {
      if (classify(error) === 'infrastructure') throw error
      const [first] = opened
      if (refused.length === 0 && opened.length === 1 && first) return this.#fail(first, error)
      const middle = opened.length >> 1
      for (const half of [opened.slice(0, middle), opened.slice(middle)])
        if (half.length > 0) await this.settle(half, [])
      for (const one of refused) await this.#transaction((tx) => this.#buryRefused(tx, one))
    } finally {
      stopTimer()
    }
  }

  /** For a message that came back more than once: the attempt is on record before it starts. */
  async settleCarefully(one: Opened): Promise<void> {
    const { id } = one.event
    const starts = await this.#begin(id, async (tx) => ((await isSettled(tx, id)) ? 0 : recordStart(tx, id)))
    if (starts < MAX_STARTS) await this.settle([one], [])
    else await this.#transaction((tx) => this.#bury(tx, one, this.#crashLoop(one, starts)))
    this.#begun.delete(id)
  }

  /** Tries every parked event that is due, each alone. */
  async retryParked(): Promise<void> {
    for (const id of await dueIds(this.#database)) {
      const starts = await this.#begin(id, (tx) => recordStart(tx, id))
      try {
        if (starts < MAX_STARTS) this.#countRetry(await this.#transaction((tx) => this.#retryOne(tx, id)))
        else await this.#transaction((tx) => this.#giveUp(tx, id, starts))
      } catch (error) {
        if (classify(error) === 'infrastructure') throw error
        await this.#transaction((tx) => this.#failAgain(tx, id, error))
      }
      this.#begun.delete(id)
    }
  }

  /** Types and handlers. */
  namesOf(opened: readonly Opened[]): string[] {
    return opened.flatMap(({ event }) => [event.type, this.#saga.handlerOf(event)])
  }

  /** Whether a server that was away is back. */
  async canWrite(): Promise<boolean> {
    const probe = newId()
    try {
      await this.#transaction(async (tx) => {
        await recordStart(tx, probe)
        await forgetStarts(tx, probe)
      })
      return true
    } catch {
      return false
    }
  }

  /** Answers how often it was begun without an end. An attempt that this process has survived does not count. */
  async #begin(id: Id, record: (tx: Tx) => Promise<number>): Promise<number> {
    if (this.#begun.has(id)) return 0
    const starts = await this.#transaction(record)
    this.#begun.add(id)
    return starts
  }

  async #settleAll(tx: Tx, opened: readonly Opened[], refused: readonly Refused[]): Promise<Settled> {
    const byId = new Map(opened.map((one) => [one.event.id, one]))
    const events = [...byId.values()].map(({ event }) => event)
    const told = await this.#saga.run(tx, events, claim(tx, [...byId.keys()]))
    await this.#parkUnfinished(tx, byId, told)
    for (const one of refused) await this.#buryRefused(tx, one)
    // repeated ids within the batch count as well as those of earlier batches
    const seen = new Set(told.map(({ event }) => byId.get(event.id)))
    return { told, duplicates: opened.filter((one) => !seen.has(one)) }
  }

  async #parkUnfinished(tx: Tx, byId: Map<Id, Opened>, told: readonly Told[]): Promise<void> {
    for (const { event, outcome } of told) {
      const one = byId.get(event.id)
      if (!one || (outcome.kind !== 'parked' && outcome.kind !== 'alarm')) continue
      await unclaim(tx, event.id)
      await this.#park(tx, one, this.#failureOf(one, outcome))
    }
  }

  async #retryOne(tx: Tx, id: Id): Promise<Settled> {
    await forgetStarts(tx, id)
    const row = await lockParked(tx, id)
    if (!row) return { told: [], duplicates: [] }
    const one = reopen(row)
    if (!(await claimOne(tx, id))) {
      await unpark(tx, id)
      return { told: [], duplicates: [one] }
    }
    tx.concerns('parked events')
    this.#spans?.begin([one.event])
    const told = await this.#saga.run(tx, [one.event])
    const outcome = told[0]?.outcome
    if (outcome?.kind === 'parked' || outcome?.kind === 'alarm') {
      await unclaim(tx, id)
      await this.#escalate(tx, one, row, this.#failureOf(one, outcome))
    } else {
      await unpark(tx, id)
      tx.afterCommit(() => this.#tell('info', 'recovered', one, { attempt: row.attempts + 1 }))
    }
    return { told, duplicates: [], links: row.redriven_under ? [row.redriven_under] : [] }
  }

  /** A parked event that takes the process down with it. */
  async #giveUp(tx: Tx, id: Id, starts: number): Promise<void> {
    await forgetStarts(tx, id)
    const row = await lockParked(tx, id)
    if (!row) return
    await unpark(tx, id)
    await this.#bury(tx, reopen(row), this.#crashLoop(reopen(row), starts))
  }

  async #failAgain(tx: Tx, id: Id, error: unknown): Promise<void> {
    await forgetStarts(tx, id)
    const row = await lockParked(tx, id)
    if (!row) return
    const one = reopen(row)
    const failure = this.#failureOf(one, error)
    await this.#escalate(tx, one, row, failure)
    this.#metrics.retries.inc({ type: one.event.type, outcome: 'failed' })
    // the attempt itself was rolled back with all that belonged to it
    this.#spans?.begin([one.event])
    this.#spans?.end(one.event, { ...failure, outcome: 'parked', batch: 1 })
  }

  async #escalate(tx: Tx, one: Opened, row: ParkedRow, failure: Failure): Promise<void> {
    const attempts = row.attempts + 1
    if (attempts < MAX_ATTEMPTS && !failure.isFinal) {
      const nextAttemptAt = await parkAgain(tx, one.event.id, { ...failure, attempts })
      return this.#tellParked(tx, one, { ...failure, attempts }, nextAttemptAt)
    }
    await unpark(tx, one.event.id)
    await this.#bury(tx, one, { ...failure, attempts, firstFailedAt: row.first_failed_at })
  }

  async #fail(one: Opened, error: unknown): Promise<void> {
    const failure = this.#failureOf(one, error)
    this.#log.warn({ kind: 'parked', ...fieldsOfEvent(one.event), err: error }, 'event could not be handled')
    await this.#transaction((tx) => (failure.isFinal ? this.#bury(tx, one, failure) : this.#park(tx, one, failure)))
    if (!failure.isFinal) this.#metrics.events.inc({ type: one.event.type, outcome: 'parked', reason: failure.reason })
    this.#spans?.end(one.event, { ...failure, outcome: failure.isFinal ? 'dead' : 'parked', batch: 1 })
  }

  #crashLoop({ event }: Opened, starts: number): Failure {
    const error = `started ${starts} times and never finished`
    return { reason: 'crash_loop', error, handler: this.#saga.handlerOf(event), attempts: starts }
  }

  #failureOf({ event }: Opened, cause: unknown): Failure {
    const handler = this.#saga.handlerOf(event)
    if (isUnfinished(cause))
      return { reason: cause.reason, error: `${cause.kind}: ${cause.reason}`, handler, attempts: 1 }
    const isFinal = cause instanceof PermanentError
    return { reason: isFinal ? cause.reason : 'handler_error', error: messageOf(cause), handler, attempts: 1, isFinal }
  }

  async #park(tx: Tx, one: Opened, failure: Failure): Promise<void> {
    this.#tellParked(tx, one, failure, await park(tx, one, failure))
  }

  #tellParked(
    tx: Tx,
    one: Opened,
    { attempts, reason, error, handler }: Failure,
    nextAttemptAt: Date | undefined,
  ): void {
    tx.afterCommit(() =>
      this.#tell('warn', 'parked', one, { attempt: attempts, nextAttemptAt, reason, error, handler }),
    )
  }

  #tell(level: LineLevel, kind: LineKind, { event }: Opened, fields: object): void {
    const message = `${event.type} is ${kind}`
    this.#lines.tell({ level, kind, message, fields: { type: event.type, ...fields }, ...aboutEvent(event) })
  }

  async #bury(tx: Tx, one: Opened, failure: Failure): Promise<void> {
    await bury(tx, one, failure)
    const { type } = one.event
    const { attempts: attempt, reason, error, handler } = failure
    tx.afterCommit(() => this.#tell('error', 'dead', one, { attempt, reason, error, handler }))
    this.#metrics.events.inc({ type, outcome: 'dead', reason: failure.reason })
    this.#log.error({ kind: 'dead', ...fieldsOfEvent(one.event), reason, error }, 'dead letter')
  }

  async #buryRefused(tx: Tx, refused: Refused): Promise<void> {
    await buryRefused(tx, refused)
    const { reason, error, type = '', eventId: event } = refused
    this.#metrics.events.inc({ type: '', outcome: 'dead', reason })
    this.#log.error({ kind: 'dead', event, type, reason, error }, 'dead letter: refused on opening')
    tx.afterCommit(() => this.#lines.tell({ level: 'error', kind: 'dead', ...lineOfRefused(refused) }))
  }

  #countRetry(settled: Settled): void {
    for (const { event, outcome } of settled.told)
      this.#metrics.retries.inc({ type: event.type, outcome: outcome.kind })
    this.#count(settled)
  }

  #count(settled: Settled): void {
    const { told, duplicates } = settled
    for (const one of duplicates) {
      this.#metrics.events.inc({ type: one.event.type, outcome: 'duplicate', reason: '' })
      this.#tell('info', 'duplicate', one, {})
    }
    if (this.#spans) this.#trace(this.#spans, settled)
    for (const { event, outcome } of told) {
      const reason = 'reason' in outcome ? outcome.reason : ''
      this.#metrics.events.inc({ type: event.type, outcome: outcome.kind, reason })
      const fields = { event: event.id, type: event.type, subject: event.subject, reason }
      if (outcome.kind === 'alarm') this.#alarm(event, fields)
      // not info: the journal keeps every event, and a line each would be most of what a busy shop logs
      else this.#log.debug(fields, outcome.kind)
    }
  }

  #trace(spans: ProcessSpans, { told, duplicates, links = [] }: Settled): void {
    const batch = told.length + duplicates.length
    for (const { event } of duplicates) spans.end(event, { outcome: 'duplicate', reason: '', handler: 'none', batch })
    for (const { event, outcome } of told) {
      const reason = 'reason' in outcome ? outcome.reason : ''
      spans.end(event, { outcome: outcome.kind, reason, handler: this.#saga.handlerOf(event), batch, links })
    }
  }

  #alarm(event: Envelope, fields: { reason: string }): void {
    const message = 'alarm: this cannot happen while the protocol holds'
    this.#metrics.alarms.inc({ kind: fields.reason })
    this.#log.error({ kind: 'alarm', ...fieldsOfEvent(event), ...fields }, message)
    this.#lines.tell({ level: 'error', kind: 'alarm', message, fields, ...aboutEvent(event) })
  }

  async #transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#database.transaction(work)
      } catch (error) {
        if (classify(error) !== 'contention' || attempt > MAX_CONTENTION_RETRIES) throw error
      }
    }
  }
}

function lineOfRefused({ reason, error, type, eventId, envelope }: Refused) {
  const data = (envelope as Partial<Envelope> | undefined)?.data as { orderId?: Id } | undefined
  const fields = { type: type ?? null, attempt: 1, reason, error }
  return { message: 'a message that could not be opened is dead', fields, eventId, orderId: data?.orderId }
}

const isUnfinished = (value: unknown): value is { kind: 'parked' | 'alarm'; reason: string } =>
  typeof value === 'object' && value !== null && 'kind' in value && 'reason' in value && !(value instanceof Error)

const reopen = ({ envelope, broker_user }: ParkedRow): Opened => ({
  event: envelope,
  brokerUser: broker_user ?? undefined,
})
