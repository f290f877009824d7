import { type Decision, type Emission, type Envelope, type NewId, WorkingSet } from '@order-saga/common'
import { type Kind, kinds, type Mail } from '../../../../mailer-service/src/domain/mail'
import { ReservationBook } from '../../../../product-service/src/domain/reservation-book'
import type { Canon } from './canon'
import { type Books, envelopeOf, isValid, type Service, type Shop, services, subscriptionsOf } from './shop'
import { type Delivery, orderId, type States } from './world'

/** What a service's decision did: its new state, the events it told, and what must never happen, if it did. */
export interface Effect {
  readonly state: States[Service]
  readonly told: readonly Delivery[]
  readonly trouble?: string
}

type Read = () => States[Service]

/** The shipped books, holding one order. */
const open: { [S in Service]: (state: States[S]) => [Books[S], Read] } = {
  order: (order) => {
    const book = new WorkingSet([[orderId, order]])
    return [book, () => book.find(orderId) ?? order]
  },
  product: ({ reservation, shelf }) => {
    const book = ReservationBook.of([reservation], Object.values(shelf))
    const ids = Object.keys(shelf)
    const shelfNow = () => Object.fromEntries(ids.map((id) => [id, book.products.find(id) ?? shelf[id]]))
    return [book, () => ({ reservation: book.reservations.find(orderId) ?? reservation, shelf: shelfNow() }) as never]
  },
  payment: (payment) => {
    const book = new WorkingSet([[orderId, payment]])
    return [book, () => book.find(orderId) ?? payment]
  },
  mailer: (mails) => {
    const rowOf = (kind: Kind) => (mails.includes(kind) ? ({ kind } as Mail) : null)
    const book = new WorkingSet(kinds.map((kind) => [`${orderId}.${kind}`, rowOf(kind)]))
    const written = () => kinds.filter((kind) => book.find(`${orderId}.${kind}`))
    return [{ addresses: new WorkingSet([]), mails: book }, written]
  },
}

/** Runs shipped decisions on canonical states. */
export class Decider {
  readonly #subscriptions

  constructor(
    shop: Shop,
    private readonly canon: Canon,
  ) {
    this.#subscriptions = subscriptionsOf(shop)
  }

  /** A service hears an event. */
  hear<S extends Service>(service: S, state: States[S], event: Envelope): Effect {
    const step = this.#subscriptions[service].get(event.type)
    const [book, read] = open[service](state)
    return this.#effect(service, state, (newId) => {
      const decision = step?.decide(book, event, newId)
      return [decision, read()]
    })
  }

  /** A service decides on its own account: a timer, a person's wish, an answer of the provider. */
  act<S extends Service>(service: S, state: States[S], decide: (newId: NewId) => Decision<States[S]>): Effect {
    return this.#effect(service, state, (newId) => {
      const decision = decide(newId)
      return [decision, decision.kind === 'changed' ? decision.state : state]
    })
  }

  #effect(
    service: Service,
    before: States[Service],
    decide: (newId: NewId) => [Decision | undefined, States[Service]],
  ): Effect {
    let ids = 0
    try {
      const [decision, after] = decide(() => `${NEW}${++ids}`)
      const names = new Map<string, string>()
      const state = this.canon.of(after, naming(service, names))
      const emits = decision && 'emits' in decision ? decision.emits : []
      const told = emits.flatMap((emission) => this.#deliveriesOf(emission, names))
      const trouble = troubleIn(before, state, decision, emits)
      return { state, told, ...(trouble && { trouble }) }
    } catch (error) {
      return { state: before, told: [], trouble: `${service} throws ${String(error)}` }
    }
  }

  /**
   * A first answer is stored by whoever gave it, so its id is named after the field that stores it. Nobody remembers
   * the id of a repeat or a question, and it never comes again: they are all named alike.
   */
  #deliveriesOf(emission: Emission, names: ReadonlyMap<string, string>): Delivery[] {
    const nameOf = (id: string) => names.get(id) ?? (id.startsWith(NEW) ? AGAIN : id)
    const { id, repeats } = emission
    const named = { ...emission, id: nameOf(id), ...(repeats !== undefined && { repeats: nameOf(repeats) }) }
    const event = envelopeOf(named)
    const readers = services.filter((service) => this.#subscriptions[service].has(event.type))
    return readers.map((to) => this.canon.of({ to, event: this.canon.of(event, abstracted) }))
  }
}

const NEW = 'new '
/** The id of every repeat and every question. */
export const AGAIN = 'again'

/**
 * What no decision looks at is left out, so that states which differ in nothing else are one: the version, and why
 * an order was cancelled.
 */
function abstracted(field: string, value: unknown): unknown {
  if (field === 'version') return 0
  if (field === 'details') return {}
  return field === 'reason' && (value === 'customer_request' || value === 'payment_declined') ? 'timed_out' : value
}

/** A new id is named after the field that stores it. */
const naming = (service: Service, names: Map<string, string>) => (field: string, value: unknown) => {
  if (typeof value !== 'string' || !value.startsWith(NEW)) return abstracted(field, value)
  names.set(value, `${service}.${field}`)
  return names.get(value)
}

function troubleIn(
  before: object,
  after: object,
  decision: Decision | undefined,
  emits: readonly Emission[],
): string | undefined {
  if (decision?.kind === 'alarm' || decision?.kind === 'parked') return `${decision.kind}: ${decision.reason}`
  const invalid = emits.find(({ contract, data }) => !isValid(contract, data))
  if (invalid) return `tells an invalid ${invalid.contract.type}`
  if ('attention' in after && after.attention) return `alarm: ${after.attention}`
  if ('status' in before && 'status' in after && before.status !== 'pending' && before.status !== after.status)
    return `the order ended as ${before.status} and is ${after.status} now`
  return refundWentBack(before, after) ? 'the refund moved back' : undefined
}

const forward = ['none', 'due', 'done']
const refundOf = (state: object) => ('refund' in state ? forward.indexOf(String(state.refund)) : 0)
const refundWentBack = (before: object, after: object) => refundOf(after) < refundOf(before)
