import { type Id, inventoryReserved, orderCancelled, orderPaid, paymentSucceeded } from '@order-saga/common'
import { exampleEvent } from '@order-saga/common/testing'

/** Fixtures: events as the other services publish them. */

export interface Facts {
  readonly orderId?: Id
  readonly customerId?: Id
  readonly totalMinor?: number
  readonly paymentToken?: string
  readonly deadlineAt?: string
}

export const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

export const reserved = (facts: Facts = {}) => exampleEvent(inventoryReserved, { deadlineAt: inAnHour(), ...facts })

export const paid = ({ orderId }: { orderId: Id }) => exampleEvent(orderPaid, { orderId })

export const cancelled = ({ orderId }: { orderId: Id }) =>
  exampleEvent(orderCancelled, { orderId, reason: 'customer_request', details: {} })

export const order = paymentSucceeded.example
