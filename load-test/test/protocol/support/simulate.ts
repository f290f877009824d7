import { type Decision, type Envelope, type SagaStep, WorkingSet } from '@order-saga/common'
import type { Order } from '../../../../order-service/src/domain/order'
import { absentPayment, callOf, type Payment, type ProviderAnswer } from '../../../../payment-service/src/domain'
import { absent, type Holding } from '../../../../product-service/src/domain/reservation'
import { ReservationBook } from '../../../../product-service/src/domain/reservation-book'
import { Random } from '../../../src/random'
import { copyOf, type OpenBooks, type Participant, participants, write } from './books'
import type { Climate } from './climate'
import { callFor, type Entry, emptyLedger, executeLate, type Ledger, makeCall } from './provider'
import { brokenAtEnd, brokenMoney } from './rules'
import { envelopeOf, type Shop, type Subscriptions, subscriptionsOf } from './shop'
import { createdEvent, orderOf, productOf } from './world'

/** What may happen next lies in one bag, and is drawn blindly. */
type Task =
  | { readonly kind: 'event'; readonly to: Participant; readonly event: Envelope }
  | { readonly kind: 'call'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: string; readonly answer: ProviderAnswer }
  | { readonly kind: 'late'; readonly id: string; readonly entry: Entry }
type TaskOf<K extends Task['kind']> = Extract<Task, { kind: K }>
type EventTask = TaskOf<'event'>

/** Who hears what, worked out once for many runs. */
export class Stage {
  readonly subscriptions: Subscriptions
  readonly readers: ReadonlyMap<string, readonly Participant[]>

  constructor(readonly shop: Shop) {
    this.subscriptions = subscriptionsOf(shop)
    const types = participants.flatMap((service) => [...this.subscriptions[service].keys()])
    const readersOf = (type: string) => participants.filter((service) => this.subscriptions[service].has(type))
    this.readers = new Map(types.map((type) => [type, readersOf(type)]))
  }
}

const MAX_BATCH = 4
const MAX_ROUNDS = 30

class Broken extends Error {}

/** Some orders that share the stock of a few products, and everything about them. */
export class Simulation {
  /** Events handled. */
  handled = 0
  readonly #random: Random
  readonly #ids: readonly string[]
  readonly #productIds: readonly string[]
  readonly #books: OpenBooks
  readonly #ledgers: Map<string, Ledger>
  readonly #bag: Task[] = []
  /** Committed but not published yet. */
  readonly #heldBack: Task[] = []
  readonly #inbox: Set<string> | undefined
  /** Nothing goes wrong any more, and nobody wishes for anything. */
  #isCalm = false
  #lastId = 0
  readonly #newId = () => `${++this.#lastId}`

  constructor(
    private readonly stage: Stage,
    private readonly climate: Climate,
    seed: number,
  ) {
    this.#random = new Random(seed)
    // every second run shows that the inbox only makes it cheap
    this.#inbox = seed % 2 === 0 ? new Set() : undefined
    const products = climate.stock.map((available, index) => productOf(index, available))
    this.#productIds = products.map(({ productId }) => productId)
    this.#ids = Array.from({ length: climate.orders }, (_, index) => `order ${index}`)
    const orders = this.#ids.map((id) => orderOf(id, this.#someLines(), this.#newId()))
    this.#books = {
      order: new WorkingSet(orders.map((order) => [order.id, order])),
      product: ReservationBook.of(this.#ids.map(absent), products),
      payment: new WorkingSet(this.#ids.map((id) => [id, absentPayment])),
    }
    this.#ledgers = new Map(this.#ids.map((id) => [id, emptyLedger]))
    for (const order of orders) this.#bag.push({ kind: 'event', to: 'product', event: createdEvent(order) })
  }

  /** What went wrong, if anything did. */
  async run(): Promise<string | undefined> {
    try {
      await this.#storm()
      await this.#comeToRest()
      return this.#audit()
    } catch (error) {
      if (error instanceof Broken) return error.message
      throw error
    }
  }

  get paid(): number {
    return this.#ids.filter((id) => this.#order(id).status === 'paid').length
  }

  async #storm(): Promise<void> {
    const { cancelOneIn, deadlineOneIn } = this.climate
    const { cancel, passDeadline } = this.stage.shop
    while (this.#bag.length > 0) {
      const doing = this.#doAny()
      if (doing) await doing
      if (this.#random.isOneIn(cancelOneIn)) this.#decideOrder(this.#random.oneOf(this.#ids), cancel)
      if (this.#random.isOneIn(deadlineOneIn)) this.#decideOrder(this.#random.oneOf(this.#ids), passDeadline)
    }
  }

  /** Deadlines, sweeps and questions, until none of them has anything left to say. */
  async #comeToRest(): Promise<void> {
    this.#isCalm = true
    this.#bag.push(...this.#heldBack)
    for (let round = 0; round < MAX_ROUNDS; round++) {
      while (this.#bag.length > 0) {
        const doing = this.#doAny()
        if (doing) await doing
      }
      for (const id of this.#ids) this.#sweep(id)
      if (this.#bag.length === 0) return
    }
    throw new Broken('does not come to rest')
  }

  #sweep(id: string): void {
    const { passDeadline, sweepRefund, askAboutStock, askAboutMoney } = this.stage.shop
    this.#decideOrder(id, passDeadline)
    this.#decideOrder(id, sweepRefund)
    const stock = this.#books.product
    this.#after(
      stock.decide({ orderId: id, lines: [] }, NO_CAUSE, (holding) => askAboutStock(holding, this.#newId), this.#newId),
    )
    this.#decidePayment(id, (payment) => askAboutMoney(payment, this.#newId))
  }

  #decideOrder(id: string, decide: Shop['cancel']): void {
    this.#after(this.#books.order.decide(id, NO_CAUSE, (order = this.#order(id)) => decide(order, this.#newId)))
  }

  #decidePayment(id: string, decide: (payment: Payment) => Decision<Payment>): void {
    const before = this.#payment(id)
    this.#after(this.#books.payment.decide(id, NO_CAUSE, () => decide(before)))
    this.#oweCall(id, before)
  }

  /** What a changed payment has to ask the provider. */
  #oweCall(id: string, before: Payment): void {
    const kind = callOf(this.#payment(id))
    if (kind && kind !== callOf(before)) this.#bag.push({ kind: 'call', id })
  }

  /** A promise only where there is something to wait for: waiting is the slowest thing here. */
  #doAny(): Promise<void> | undefined {
    const task = this.#draw()
    if (task.kind === 'call') return this.#call(task.id)
    if (task.kind === 'event') this.#deliver(task)
    else if (task.kind === 'answer') this.#record(task)
    else this.#ledgers.set(task.id, executeLate(this.#ledger(task.id), task.entry))
    return undefined
  }

  #draw(): Task {
    const index = this.#random.below(this.#bag.length)
    const drawn = this.#bag[index]
    const last = this.#bag.pop()
    if (!drawn || !last) throw new Error('the bag is empty')
    if (drawn !== last) this.#bag[index] = last
    return drawn
  }

  /** A batch: the event drawn and whatever lies near for the same service. */
  #deliver(first: EventTask): void {
    const batch = [first]
    for (let next = this.#bag.at(-1); batch.length < MAX_BATCH; next = this.#bag.at(-1)) {
      if (next?.kind !== 'event' || next.to !== first.to) break
      batch.push(next)
      this.#bag.pop()
    }
    if (this.climate.hasFold) for (const task of batch) this.#hearOnce(task)
    else this.#hearWithoutFold(batch.filter((task) => this.#claim(task)))
  }

  #hearOnce(task: EventTask): void {
    if (this.#claim(task)) this.#hear(task, this.#books)
  }

  #hearWithoutFold(batch: readonly EventTask[]): void {
    const asBefore = batch.map((task) => ({ task, books: copyOf(this.#books, this.#ids, this.#productIds) }))
    for (const { task, books } of asBefore) this.#hear(task, books)
  }

  /** Whether the event gets there, for the first time. */
  #claim(task: EventTask): boolean {
    if (!this.#isCalm && this.#random.isOneIn(this.climate.lossOneIn)) return false
    if (!this.#isCalm && this.#random.isOneIn(this.climate.duplicateOneIn)) this.#bag.push(task)
    if (!this.#inbox) return true
    const claim = `${task.to} ${task.event.id}`
    if (this.#inbox.has(claim)) return false
    this.#inbox.add(claim)
    return true
  }

  #hear({ to, event }: EventTask, books: OpenBooks): void {
    this.handled++
    const before = to === 'payment' ? this.#payment(event.subject) : undefined
    // the table of each service's steps goes with its own book
    const step: SagaStep<never> | undefined = this.stage.subscriptions[to].get(event.type)
    const decision = step?.decide(books[to] as never, event, this.#newId)
    if (books !== this.#books) write(books, this.#books)
    if (decision) this.#after(decision)
    if (before) this.#oweCall(event.subject, before)
    if (to === 'product' && decision?.kind === 'changed') this.#checkStock()
  }

  #after(decision: Decision): void {
    if (decision.kind === 'alarm' || decision.kind === 'parked')
      throw new Broken(`${decision.kind}: ${decision.reason}`)
    if (decision.kind === 'ignored') return
    for (const emission of decision.emits) {
      const readers = this.stage.readers.get(emission.contract.type)
      if (!readers) continue
      const event = envelopeOf(emission)
      const isHeldBack = !this.#isCalm && this.#random.isOneIn(this.climate.crashOneIn)
      const isPublished = !isHeldBack || this.#random.isOneIn(2)
      for (const to of readers) {
        if (isHeldBack) this.#heldBack.push({ kind: 'event', to, event })
        if (isPublished) this.#bag.push({ kind: 'event', to, event })
      }
    }
  }

  async #call(id: string): Promise<void> {
    const before = this.#ledger(id)
    const call = callFor(this.#payment(id), before)
    if (!call) return
    const weather = this.#isCalm ? 'fine' : this.#random.oneOf(this.climate.weathers)
    const { answer, ledger } = await makeCall(this.stage.shop, call, before, weather)
    this.#ledgers.set(id, ledger)
    const late = ledger.onTheWay.at(-1)
    if (late && ledger.onTheWay.length > before.onTheWay.length) this.#bag.push({ kind: 'late', id, entry: late })
    this.#bag.push(answer.kind === 'unknown' ? { kind: 'call', id } : { kind: 'answer', id, answer })
  }

  #record({ id, answer }: TaskOf<'answer'>): void {
    // the worker dies before it could: whoever comes next asks again
    if (!this.#isCalm && this.#random.isOneIn(this.climate.crashOneIn)) this.#bag.push({ kind: 'call', id })
    else this.#decidePayment(id, (payment) => this.stage.shop.recordAnswer(payment, answer, this.#newId))
  }

  #checkStock(): void {
    this.#productIds.forEach((id, index) => {
      const product = this.#books.product.products.find(id)
      if (!product) return
      const { available, reserved, sold } = product
      if (available < 0 || reserved < 0 || sold < 0) throw new Broken('a product is oversold')
      if (available + reserved + sold !== this.climate.stock[index]) throw new Broken('a piece appeared or disappeared')
    })
  }

  #audit(): string | undefined {
    const sold = new Map<string, number>()
    for (const id of this.#ids) {
      const reservation = this.#books.product.reservations.find(id) ?? absent(id)
      const product: Holding = { reservation, shelf: {} }
      const states = { order: this.#order(id), product, payment: this.#payment(id), mailer: [] }
      const world = { states, ledger: this.#ledger(id) }
      const broken = brokenMoney(world) ?? brokenAtEnd(world)
      if (broken) return `${id}: ${broken}`
      if (reservation.state !== 'sold') continue
      for (const { productId, quantity } of reservation.lines)
        sold.set(productId, (sold.get(productId) ?? 0) + quantity)
    }
    const isRight = (id: string) => {
      const product = this.#books.product.products.find(id)
      return product?.reserved === 0 && product.sold === (sold.get(id) ?? 0)
    }
    return this.#productIds.every(isRight) ? undefined : 'what is sold is not what was paid for'
  }

  #someLines(): { productId: string; quantity: number }[] {
    const quantity = () => 1 + this.#random.below(this.climate.maxQuantity)
    const first = this.#random.oneOf(this.#productIds)
    const second = this.#random.oneOf(this.#productIds)
    const lines = [{ productId: first, quantity: quantity() }]
    return first === second ? lines : [...lines, { productId: second, quantity: quantity() }]
  }

  #order(id: string): Order {
    const order = this.#books.order.find(id)
    if (!order) throw new Error(`${id} does not exist`)
    return order
  }

  #payment = (id: string): Payment => this.#books.payment.find(id) ?? absentPayment
  #ledger = (id: string): Ledger => this.#ledgers.get(id) ?? emptyLedger
}

const NO_CAUSE = { correlationId: 'simulated' }
