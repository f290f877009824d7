import { classify, messageOf } from '../db/errors'
import { failpoint, failpointOnceSent } from '../failpoint'
import type { Log } from '../log'
import type { Metrics } from '../metrics'
import type { ProcessSpans } from '../tracing/process-spans'
import type { Delivery, DeliveryHandler } from './bus'
import { type BrokerUserOf, type Opened, open, type Refused } from './open'
import type { Settler } from './settler'

const MAX_BATCH_EVENTS = 200
// from the second return on the message itself may be what kills us; after one crash every prefetched one comes back
const CAREFUL_FROM = 2
const HOLD_MS = [100, 200, 400, 800, 1_600, 3_200, 5_000]
// 10 min: well before the broker's own consumer timeout of 30 min, which would close the channel on us
const MAX_HOLD_MS = 600_000
const PROBE_MS = 1_000
// as many as the broker hands out before it wants an ack: waiting for more would wait for nothing
const MAX_GATHERED = 100

interface ConsumerOptions {
  readonly settler: Settler<unknown>
  readonly brokerUserOf: BrokerUserOf
  readonly metrics: Metrics
  readonly log: Log
  readonly spans?: ProcessSpans | undefined
  /** After holding for so long it gives back what it has and unsubscribes until the database is back. */
  readonly maxHoldMs?: number
  /** How long a delivery that nobody waits for waits for others to share its batch. */
  readonly gatherMs?: number
  /** Whether nobody waits for what events of this type lead to. Unless given, that is so for all of them. */
  readonly canWait?: (type: string) => boolean
}

interface Batch {
  readonly last: Delivery
  readonly opened: Opened[]
  readonly refused: Refused[]
  readonly isCareful: boolean
}

/**
 * Natural batching: while one batch is in its transaction deliveries pile up, and the next batch is whatever is
 * there: a lone event is handled at once, a flood set by set. Only what nobody waits for (journal, mails, the sale of
 * what is paid) is gathered for a moment, or until something comes that somebody does wait for: a batch costs about the
 * same whatever is in it. Batches are settled one after the other, so the deliveries up to the last of a batch are
 * always a gap-free prefix, and this is the only place that acks.
 */
export class Consumer implements DeliveryHandler {
  readonly #waiting: Delivery[] = []
  #inHand = 0
  #generation = 0
  #running: Promise<void> | undefined
  #isStopped = false
  #isResting = false
  #wake = () => {}
  #endGathering = () => {}
  #isDraining = false
  /** Why it holds, while a server is away. */
  holding: string | undefined

  constructor(private readonly options: ConsumerOptions) {}

  get unsettled(): number {
    return this.#waiting.length + this.#inHand
  }

  get isReady(): boolean {
    return !this.#isResting
  }

  deliver(delivery: Delivery): void {
    this.#waiting.push(delivery)
    if (this.#waiting.length >= MAX_GATHERED || !this.#canWait(delivery)) this.#endGathering()
    this.#running ??= this.#run()
  }

  reset(): void {
    this.#generation++
    this.#waiting.length = 0
    this.#wake()
    this.#endGathering()
  }

  /** Settles what was delivered; new deliveries must have stopped. */
  async drain(): Promise<void> {
    this.#isDraining = true
    this.#endGathering()
    await this.#running
  }

  /** Gives up on what is still waiting: it stays unacknowledged and is delivered to somebody else. */
  stop(): void {
    this.#isStopped = true
    this.reset()
  }

  async #run(): Promise<void> {
    // one turn of the event loop, so that deliveries of the same read sit in one batch
    await new Promise(setImmediate)
    while (this.#waiting.length > 0 && !this.#isStopped) {
      await this.#gather()
      if (this.#waiting.length === 0) break
      const generation = this.#generation
      const batch = this.#take()
      const isSettled = await this.#settleHolding(batch, generation)
      this.#inHand = 0
      if (isSettled && generation === this.#generation) this.#ack(batch)
    }
    // in the same turn as the last look at what is waiting: a delivery in between would wait for the next one
    this.#running = undefined
  }

  async #gather(): Promise<void> {
    const { gatherMs = 0 } = this.options
    if (gatherMs === 0 || this.#isDraining || this.#waiting.length >= MAX_GATHERED) return
    if (!this.#waiting.every((delivery) => this.#canWait(delivery))) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gatherMs)
      this.#endGathering = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #canWait({ routingKey, isBrokerDead }: Delivery): boolean {
    return !isBrokerDead && (this.options.canWait?.(routingKey) ?? true)
  }

  #ack({ last, opened }: Batch): void {
    const names = () => this.options.settler.namesOf(opened)
    failpoint('delivery.before_ack', names)
    last.ackUpTo()
    this.options.spans?.acked(opened.map(({ event }) => event))
    failpointOnceSent('delivery.acked', names)
  }

  #take(): Batch {
    const opened: Opened[] = []
    const refused: Refused[] = []
    let last = this.#waiting[0] as Delivery
    const isCareful = last.deliveryCount >= CAREFUL_FROM
    while (this.#waiting.length > 0 && opened.length < MAX_BATCH_EVENTS) {
      const next = this.#waiting[0] as Delivery
      if (this.#inHand > 0 && (isCareful || next.deliveryCount >= CAREFUL_FROM)) break
      this.#waiting.shift()
      this.#inHand++
      last = next
      const content = open(next, this.options.brokerUserOf)
      opened.push(...content.opened)
      refused.push(...content.refused)
    }
    return { last, opened, refused, isCareful }
  }

  /** Tries until the batch is settled: a server that is away is not the message's fault. false: it is not settled. */
  async #settleHolding(batch: Batch, generation: number): Promise<boolean> {
    const begunMs = performance.now()
    for (let attempt = 0; generation === this.#generation; attempt++) {
      try {
        await this.#settle(batch)
        this.holding = undefined
        return true
      } catch (error) {
        this.#reportHold(error)
        if (performance.now() - begunMs > (this.options.maxHoldMs ?? MAX_HOLD_MS)) await this.#rest(batch)
        else await this.#pause(HOLD_MS[Math.min(attempt, HOLD_MS.length - 1)] ?? 5_000)
      }
    }
    this.holding = undefined
    return false
  }

  /** Gives everything back, once, and wants nothing until the database takes writes again. */
  async #rest({ last }: Batch): Promise<void> {
    this.#isResting = true
    this.options.log.warn({}, 'held for too long: everything goes back to the queue until the database is back')
    this.reset()
    last.giveBack('held for too long')
    while (this.#isResting && !this.#isStopped) {
      await this.#pause(PROBE_MS)
      this.#isResting = !(await this.options.settler.canWrite())
    }
  }

  async #settle({ opened, refused, isCareful }: Batch): Promise<void> {
    const { settler } = this.options
    if (!isCareful) return settler.settle(opened, refused)
    for (const one of opened) await settler.settleCarefully(one)
    if (refused.length > 0) await settler.settle([], refused)
  }

  #reportHold(error: unknown): void {
    this.holding = messageOf(error)
    this.options.metrics.holds.inc()
    // anything else than a lost server is a defect of ours: held as well, since acking would lose the message
    const level = classify(error) === 'infrastructure' ? 'warn' : 'error'
    this.options.log[level]({ err: error }, 'holding: nothing is acked until the database is back')
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
