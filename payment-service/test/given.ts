import {
  type Contract,
  type DataOf,
  type Envelope,
  type Id,
  inventoryReserved,
  newId,
  orderCancelled,
  orderPaid,
  paymentSucceeded,
} from '@order-saga/common'

/** Fixtures: events as the other services publish them. */

export interface Facts {
  readonly orderId?: Id
  readonly customerId?: Id
  readonly totalMinor?: number
  readonly paymentToken?: string
  readonly deadlineAt?: string
}

export function eventOf<C extends Contract>(contract: C, data: Partial<DataOf<C>>): Envelope {
  const payload = { ...contract.example, ...data } as Record<string, unknown>
  return {
    specversion: '1.0',
    id: newId(),
    source: contract.publisher,
    type: contract.type,
    subject: String(payload.orderId),
    time: new Date().toISOString(),
    dataschema: contract.dataschema,
    correlationid: newId(),
    data: payload,
  }
}

export const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

export const reserved = (facts: Facts = {}) => eventOf(inventoryReserved, { deadlineAt: inAnHour(), ...facts })

export const paid = ({ orderId }: { orderId: Id }) => eventOf(orderPaid, { orderId })

export const cancelled = ({ orderId }: { orderId: Id }) =>
  eventOf(orderCancelled, { orderId, reason: 'customer_request', details: {} })

export const order = paymentSucceeded.example
