import {
  type DataOf,
  type Envelope,
  orderCancelled,
  orderCreated,
  productBackInStock,
  productDeleted,
  productLowStock,
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

/** What a shop tells when so many are left after orders; `undefined` is a version nobody told yet. */
export const left = (productId: string, version: number | undefined, available: number): Envelope =>
  eventOf(productLowStock, { productId, available, threshold: 5, ...(version !== undefined && { version }) })

export const back = (productId: string, version: number, available: number): Envelope =>
  eventOf(productBackInStock, { productId, version, available })

export const deleted = (productId: string, version: number): Envelope => eventOf(productDeleted, { productId, version })
