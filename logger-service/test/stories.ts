import {
  type Contract,
  type DataOf,
  type Envelope,
  type Id,
  inventoryReleased,
  inventoryReservationFailed,
  inventoryReservationOverdue,
  inventoryReserved,
  newId,
  orderCancelled,
  orderCreated,
  orderPaid,
  paymentFailed,
  paymentRefunded,
  paymentSucceeded,
} from '@order-saga/common'
import { eventOf } from '@order-saga/common/testing'
import type { Recorded } from '../src/domain/journey'

export const START = Date.parse('2026-01-01T12:00:00.000Z')

interface Circumstances {
  readonly because?: Envelope | undefined
  readonly repeats?: Envelope
  readonly afterMs?: number
}

/** An event as its publisher tells it. */
export function event<C extends Contract>(contract: C, data: DataOf<C>, circumstances: Circumstances = {}): Envelope {
  const { because, repeats, afterMs = 0 } = circumstances
  const cause = because && { correlationId: because.correlationid, causationId: because.id }
  return {
    ...eventOf(contract, data, { ...cause, repeats: repeats?.id }),
    time: new Date(START + afterMs).toISOString(),
  }
}

/** The events of one order, each 10 ms after and because of the one before, unless said otherwise. */
class Story {
  readonly events: Envelope[] = []
  constructor(
    readonly orderId: Id = newId(),
    readonly customerId: Id = newId(),
  ) {}

  and<C extends Contract>(contract: C, change: Partial<DataOf<C>> = {}, circumstances: Circumstances = {}): this {
    const { orderId, customerId } = this
    const data = { ...contract.example, ...('customerId' in contract.example && { customerId }), orderId, ...change }
    const afterMs = this.events.length * 10
    this.events.push(
      event(contract, data as unknown as DataOf<C>, { because: this.events.at(-1), afterMs, ...circumstances }),
    )
    return this
  }
}

export const happy = (story = new Story()) =>
  story.and(orderCreated).and(inventoryReserved).and(paymentSucceeded).and(orderPaid)

export const outOfStock = (story = new Story()) =>
  story.and(orderCreated).and(inventoryReservationFailed).and(orderCancelled)

export const declined = (story = new Story()) => {
  story.and(orderCreated).and(inventoryReserved).and(paymentFailed)
  const because = story.events[2]
  return story
    .and(inventoryReleased, {}, { because })
    .and(orderCancelled, { reason: 'payment_declined', details: { paymentReason: 'insufficient_funds' } }, { because })
}

/** The deadline and a late success cross: the money goes back. */
export const refunded = (story = new Story()) => {
  story.and(orderCreated).and(inventoryReserved)
  const [, reserved] = story.events
  story.and(orderCancelled, { reason: 'timed_out' })
  const cancelled = story.events[2]
  return story
    .and(paymentSucceeded, {}, { because: reserved })
    .and(inventoryReleased, {}, { because: cancelled })
    .and(paymentRefunded, {}, { because: cancelled })
}

export const stuck = (story = new Story()) =>
  story.and(orderCreated).and(inventoryReserved).and(inventoryReservationOverdue)

export const newStory = (customerId?: Id) => new Story(newId(), customerId)

/** The same as the journal hands it out. */
export const recorded = (events: readonly Envelope[]): Recorded[] =>
  events.map(
    ({ id, type, source, time, causationid, repeats, data }): Recorded => ({
      id,
      type,
      source,
      occurredAt: new Date(time),
      causationId: causationid ?? null,
      repeats: repeats ?? null,
      traceparent: null,
      data,
    }),
  )

/** The same as the saga writes it down. */
export const toEntry = ({ id, type, time, repeats, data }: Envelope) => ({
  id,
  type,
  orderId: (data as { orderId?: Id }).orderId,
  occurredAt: new Date(time).toISOString(),
  repeats,
  data,
})
