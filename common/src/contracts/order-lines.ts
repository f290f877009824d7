import Type, { type Static } from 'typebox'
import { Currency, Id, Minor, Quantity, Text } from '../schemas'

export const MAX_LINES = 50

export const OrderLine = Type.Object({ productId: Id, quantity: Quantity })
export type OrderLine = Static<typeof OrderLine>

export const PricedLine = Type.Object({ productId: Id, name: Text(200), quantity: Quantity, unitPriceMinor: Minor })
export type PricedLine = Static<typeof PricedLine>

/** A line whose name and price are known only if the reservation got that far. */
export const KnownLine = Type.Object({
  productId: Id,
  quantity: Quantity,
  name: Type.Optional(Text(200)),
  unitPriceMinor: Type.Optional(Minor),
})
export type KnownLine = Static<typeof KnownLine>

export const lines = <S extends Type.TSchema>(line: S) => Type.Array(line, { minItems: 1, maxItems: MAX_LINES })

/** The facts of an order that every later event carries, so that no reader has to ask anybody. */
export const pricedOrder = {
  orderId: Id,
  customerId: Id,
  lines: lines(PricedLine),
  totalMinor: Minor,
  currency: Currency,
}

export const exampleIds = {
  orderId: '01976f3e-8c00-7000-8000-000000000001',
  customerId: '01976f3e-8c00-7000-8000-000000000002',
  productId: '01976f3e-8c00-7000-8000-000000000003',
} as const

export const examplePricedOrder = {
  orderId: exampleIds.orderId,
  customerId: exampleIds.customerId,
  lines: [{ productId: exampleIds.productId, name: 'Walnut desk organiser', quantity: 2, unitPriceMinor: 3490 }],
  totalMinor: 6980,
  currency: 'EUR',
}
