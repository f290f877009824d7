import {
  type Contract,
  type DataOf,
  type Envelope,
  newId,
  orderCancelled,
  orderCreated,
  productDeleted,
  productUpdated,
} from '@order-saga/common'

/** An event as another service would tell it; every call is a new id. */
export const eventOf = <C extends Contract>(contract: C, data: DataOf<C>): Envelope => ({
  specversion: '1.0',
  id: newId(),
  source: contract.publisher,
  type: contract.type,
  subject: String((data as Record<string, unknown>)[contract.subject]),
  time: new Date().toISOString(),
  dataschema: contract.dataschema,
  correlationid: newId(),
  data,
})

type Created = DataOf<typeof orderCreated>
type Lines = Created['lines']

export const created = (orderId: string, customerId: string, lines: Lines, fromCart = true): Envelope =>
  eventOf(orderCreated, { ...orderCreated.example, orderId, customerId, lines, fromCart })

export const cancelled = (orderId: string, customerId: string, lines: Lines): Envelope =>
  eventOf(orderCancelled, { ...orderCancelled.example, orderId, customerId, lines })

export const snapshot = (productId: string, version: number, change: Partial<DataOf<typeof productUpdated>> = {}) =>
  eventOf(productUpdated, { ...productUpdated.example, productId, version, ...change })

export const deleted = (productId: string, version: number): Envelope => eventOf(productDeleted, { productId, version })
