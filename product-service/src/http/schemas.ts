import { Currency, carrying, Id, MAX_MINOR, Minor, OneOf, PricedLine, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import { seedId } from '../seed/catalogue'

export const closed = { additionalProperties: false }

const Price = Type.Integer({ minimum: 1, maximum: MAX_MINOR, description: 'integer minor units' })
const MAX_STOCK = 1_000_000
export const Stock = Type.Integer({ minimum: 0, maximum: MAX_STOCK })

export const ProductView = Type.Object({
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

const NewProduct = Type.Object(
  {
    sku: Text(64),
    name: Text(200),
    description: Type.Optional(Text(2000, 0)),
    category: Text(80),
    priceMinor: Price,
    available: Type.Optional(Stock),
  },
  {
    ...closed,
    examples: [
      { sku: 'MUG-STW-02', name: 'Stoneware mug, 250 ml', category: 'kitchen', priceMinor: 1450, available: 40 },
    ],
  },
)

const ProductChanges = Type.Object(
  {
    name: Type.Optional(Text(200)),
    description: Type.Optional(Text(2000, 0)),
    category: Type.Optional(Text(80)),
    priceMinor: Type.Optional(Price),
    isActive: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1, examples: [{ priceMinor: 1590 }] },
)

const Restock = Type.Object(
  { quantity: Type.Integer({ minimum: 1, maximum: MAX_STOCK }), reason: Text(200) },
  { ...closed, examples: [{ quantity: 24, reason: 'delivery of Monday' }] },
)

const Adjustment = Type.Object(
  {
    quantity: Type.Union([
      Type.Integer({ minimum: 1, maximum: MAX_STOCK }),
      Type.Integer({ minimum: -MAX_STOCK, maximum: -1 }),
    ]),
    reason: Text(200),
  },
  { ...closed, examples: [{ quantity: -2, reason: 'broken on the shelf' }] },
)

// of the first catalogue: a stoneware mug
const ProductId = { ...Id, examples: [seedId(5)] }
export const ById = Type.Object({ id: ProductId })

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

const ImportedView = <Outcome extends Type.TSchema>(outcome: Outcome) => Type.Object({ outcome, product: ProductView })

const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(Type.String()),
})

export const notFound = { 404: ['not-found'] }
const stale = { 412: ['stale-version'] }
const taken = { 409: ['sku-taken'] }

export const catalogue = { tags: ['catalogue'] }
export const admin = { tags: ['admin'] }
const inventory = { tags: ['inventory'] }

export const getProductSchema = {
  ...catalogue,
  summary: 'One product; its stock may be a few minutes old',
  params: ById,
  response: { 200: carrying(ProductView, 'ETag') },
  refusals: notFound,
}

export const createProductSchema = {
  ...admin,
  summary: 'Add a product',
  body: NewProduct,
  response: { 201: carrying(ProductView, 'Location') },
  refusals: taken,
}

export const importSchema = {
  ...admin,
  summary: 'Import a line of a file: add a product, or change the one with this SKU',
  description: 'The same line again changes nothing. Stock is taken over for new products only.',
  body: NewProduct,
  response: {
    200: ImportedView(OneOf('changed', 'unchanged')),
    201: carrying(ImportedView(OneOf('created')), 'Location'),
  },
  refusals: taken,
}

const ifMatch = {
  description: 'With If-Match (an ETag of this product) 412 when it has changed since; a change of its stock counts.',
  headers: Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 200 })) }),
}

export const updateProductSchema = {
  ...admin,
  ...ifMatch,
  summary: 'Change a product; a new price holds for orders reserved from now on',
  params: ById,
  body: ProductChanges,
  response: { 200: carrying(ProductView, 'ETag') },
  refusals: { ...notFound, ...stale },
}

export const deleteProductSchema = {
  ...admin,
  ...ifMatch,
  summary: 'Take a product out of the catalogue; orders that hold it go on',
  params: ById,
  response: { 204: Type.Null() },
  refusals: { ...notFound, ...stale },
}

export const restockSchema = {
  ...admin,
  summary: 'Add delivered stock',
  params: ById,
  headers: KeyHeader,
  body: Restock,
  response: { 200: carrying(ProductView, 'Idempotency-Replayed') },
  refusals: {
    ...notFound,
    400: ['invalid-idempotency-key'],
    409: ['stock-out-of-range', 'idempotency-in-progress'],
    422: ['idempotency-key-reused'],
  },
}

export const adjustSchema = {
  ...restockSchema,
  summary: 'Set stock right after a count, breakage or loss; may be negative',
  body: Adjustment,
}

export const announceSchema = {
  ...admin,
  summary: 'Publish every product again as it is, for new or lost replicas',
  response: { 202: Type.Object({ announced: Type.Integer() }) },
}

export const getInventorySchema = {
  ...inventory,
  summary: 'Stock of a product, as it is now',
  params: Type.Object({ productId: ProductId }),
  response: { 200: InventoryView },
  refusals: notFound,
}

export const getReservationSchema = {
  tags: ['admin', 'inventory'],
  summary: 'What is held, or was, for an order',
  params: Type.Object({ orderId: Id }),
  response: { 200: ReservationView },
  refusals: notFound,
}
