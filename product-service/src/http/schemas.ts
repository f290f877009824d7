import { Currency, Id, MAX_MINOR, Minor, OneOf, PricedLine, ProblemBody, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'

const closed = { additionalProperties: false }

const Price = Type.Integer({ minimum: 1, maximum: MAX_MINOR, description: 'integer minor units' })
const MAX_STOCK = 1_000_000
const Stock = Type.Integer({ minimum: 0, maximum: MAX_STOCK })

const ProductView = Type.Object({
  id: Id,
  sku: Type.String(),
  name: Type.String(),
  description: Type.String(),
  category: Type.String(),
  priceMinor: Minor,
  currency: Currency,
  available: Type.Integer({ description: 'advisory: only a reservation decides' }),
  isActive: Type.Boolean(),
  version: Type.Integer(),
})

const ProductPage = Type.Object({
  items: Type.Array(ProductView),
  next: Type.Union([Id, Type.Null()], { description: 'pass as `after` for the next page' }),
})

const ListQuery = Type.Object(
  {
    text: Type.Optional(Text(100)),
    category: Type.Optional(Text(80)),
    after: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  closed,
)

const NewProduct = Type.Object(
  {
    sku: Text(64),
    name: Text(200),
    description: Type.Optional(Text(2000, 0)),
    category: Text(80),
    priceMinor: Price,
    available: Type.Optional(Stock),
  },
  closed,
)

const ProductChanges = Type.Object(
  {
    name: Type.Optional(Text(200)),
    description: Type.Optional(Text(2000, 0)),
    category: Type.Optional(Text(80)),
    priceMinor: Type.Optional(Price),
    isActive: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1 },
)

const Restock = Type.Object({ quantity: Type.Integer({ minimum: 1, maximum: MAX_STOCK }), reason: Text(200) }, closed)

const Adjustment = Type.Object(
  {
    quantity: Type.Union([
      Type.Integer({ minimum: 1, maximum: MAX_STOCK }),
      Type.Integer({ minimum: -MAX_STOCK, maximum: -1 }),
    ]),
    reason: Text(200),
  },
  closed,
)

const ById = Type.Object({ id: Id })

const InventoryView = Type.Object({
  productId: Id,
  available: Type.Integer(),
  reserved: Type.Integer(),
  sold: Type.Integer(),
})

const ReservationView = Type.Object({
  orderId: Id,
  state: OneOf('absent', 'reserved', 'rejected', 'released', 'sold'),
  customerId: Type.Optional(Id),
  lines: Type.Optional(Type.Array(PricedLine)),
  totalMinor: Type.Optional(Minor),
  currency: Type.Optional(Currency),
  reason: Type.Optional(Type.String()),
  details: Type.Optional(Type.Object({}, { additionalProperties: true })),
  deadlineAt: Type.Optional(UtcTime),
})

const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ description: 'sent again with the same body, it counts once' })),
})

/** Every refusal looks the same. */
const problems = { '4xx': ProblemBody, '5xx': ProblemBody }

const catalogue = { tags: ['catalogue'] }
const admin = { tags: ['admin'] }
const inventory = { tags: ['inventory'] }

export const listProductsSchema = {
  ...catalogue,
  summary: 'Products on sale, by id; text and category narrow them',
  querystring: ListQuery,
  response: { 200: ProductPage, ...problems },
}

export const getProductSchema = {
  ...catalogue,
  summary: 'One product; its stock may be a few minutes old',
  params: ById,
  response: { 200: ProductView, ...problems },
}

export const createProductSchema = {
  ...admin,
  summary: 'Add a product',
  body: NewProduct,
  response: { 201: ProductView, ...problems },
}

export const updateProductSchema = {
  ...admin,
  summary: 'Change a product; a new price holds for orders reserved from now on',
  description: 'With If-Match (an ETag of this product) 412 when it has changed since; a change of its stock counts.',
  headers: Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 200 })) }),
  params: ById,
  body: ProductChanges,
  response: { 200: ProductView, ...problems },
}

export const deleteProductSchema = {
  ...admin,
  summary: 'Take a product out of the catalogue; orders that hold it go on',
  params: ById,
  response: { 204: Type.Null(), ...problems },
}

export const restockSchema = {
  ...admin,
  summary: 'Add delivered stock',
  params: ById,
  headers: KeyHeader,
  body: Restock,
  response: { 200: ProductView, ...problems },
}

export const adjustSchema = {
  ...restockSchema,
  summary: 'Set stock right after a count, breakage or loss; may be negative',
  body: Adjustment,
}

export const announceSchema = {
  ...admin,
  summary: 'Publish every product again as it is, for new or lost replicas',
  response: { 202: Type.Object({ announced: Type.Integer() }), ...problems },
}

export const getInventorySchema = {
  ...inventory,
  summary: 'Stock of a product, as it is now',
  params: Type.Object({ productId: Id }),
  response: { 200: InventoryView, ...problems },
}

export const getReservationSchema = {
  tags: ['admin', 'inventory'],
  summary: 'What is held, or was, for an order',
  params: Type.Object({ orderId: Id }),
  response: { 200: ReservationView, ...problems },
}
