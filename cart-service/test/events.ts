import {
  type DataOf,
  type Envelope,
  orderCancelled,
  orderCreated,
  productDeleted,
  productUpdated,
} from '@order-saga/common'
import { eventOf, exampleEvent } from '@order-saga/common/testing'

type Created = DataOf<typeof orderCreated>
type Lines = Created['lines']

export const created = (orderId: string, customerId: string, lines: Lines, fromCart = true): Envelope =>
  exampleEvent(orderCreated, { orderId, customerId, lines, fromCart })

export const cancelled = (orderId: string, customerId: string, lines: Lines): Envelope =>
  exampleEvent(orderCancelled, { orderId, customerId, lines })

export const snapshot = (productId: string, version: number, change: Partial<DataOf<typeof productUpdated>> = {}) =>
  exampleEvent(productUpdated, { productId, version, ...change })

export const deleted = (productId: string, version: number): Envelope => eventOf(productDeleted, { productId, version })
