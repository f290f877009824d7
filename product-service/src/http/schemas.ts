import { Currency, Id, MAX_MINOR, Minor, OneOf, PricedLine, ProblemBody, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import { sorts } from '../domain/sort'
import { seedId } from '../seed/catalogue'

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
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'pass as `after`, with the same sort, for the next page',
  }),
})

const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }))

const ListQuery = Type.Object(
  {
    text: Type.Optional(Text(100)),
    category: Type.Optional(Text(80)),
    minPriceMinor: Type.Optional(Minor),
    maxPriceMinor: Type.Optional(Minor),
    inStock: Type.Optional({ ...OneOf('true'), description: 'only what is there to be bought' }),
    sort: Type.Optional({
      ...OneOf(...sorts),
      description: 'id (oldest first) unless given; - is the other way round',
    }),
    after: Type.Optional({ ...Text(2000), description: '`next` of the page before' }),
    limit: Limit,
  },
  closed,
)

const Categories = Type.Object({
  items: Type.Array(Type.Object({ category: Type.String(), products: Type.Integer() })),
})

const LowStockQuery = Type.Object(
  {
    threshold: Type.Optional({ ...Stock, description: 'so many or fewer; as in product.low_stock unless given' }),
    after: Type.Optional(Id),
    limit: Limit,
  },
  closed,
)

const LowStockPage = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      sku: Type.String(),
      name: Type.String(),
      category: Type.String(),
      available: Type.Integer(),
      reserved: Type.Integer({ description: 'held for orders that have not ended' }),
      isActive: Type.Boolean(),
    }),
  ),
  next: Type.Union([Id, Type.Null()], { description: 'pass as `after` for the next page' }),
})

const PricesQuery = Type.Object({ before: Type.Optional(UtcTime), limit: Limit }, closed)

const PricePage = Type.Object({
  items: Type.Array(
    Type.Object({
      priceMinor: Minor,
      validFrom: UtcTime,
      changedBy: Type.Union([Id, Type.Null()], { description: 'null: the shop itself, when it was first set up' }),
    }),
  ),
  next: Type.Union([UtcTime, Type.Null()], { description: 'pass as `before` for the next page' }),
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
const ById = Type.Object({ id: ProductId })

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
  'idempotency-key': Type.Optional(Type.String({ description: 'sent again with the same body, it counts once' })),
})

/** Every refusal looks the same. */
const problems = { '4xx': ProblemBody, '5xx': ProblemBody }

const catalogue = { tags: ['catalogue'] }
const admin = { tags: ['admin'] }
const inventory = { tags: ['inventory'] }

export const listProductsSchema = {
  ...catalogue,
  summary: 'Products on sale, in pages; text, category, prices and stock narrow them',
  querystring: ListQuery,
  response: { 200: ProductPage, ...problems },
}

export const listCategoriesSchema = {
  ...catalogue,
  summary: 'Categories, with how many products are on sale in each',
  response: { 200: Categories, ...problems },
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

export const importSchema = {
  ...admin,
  summary: 'Import a line of a file: add a product, or change the one with this SKU',
  description: 'The same line again changes nothing. Stock is taken over for new products only.',
  body: NewProduct,
  response: {
    200: ImportedView(OneOf('changed', 'unchanged')),
    201: ImportedView(OneOf('created')),
    ...problems,
  },
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
  response: { 200: ProductView, ...problems },
}

export const deleteProductSchema = {
  ...admin,
  ...ifMatch,
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

export const listPricesSchema = {
  ...admin,
  summary: 'What a product has cost, newest first, and who changed it',
  params: ById,
  querystring: PricesQuery,
  response: { 200: PricePage, ...problems },
}

export const lowStockSchema = {
  tags: ['admin', 'inventory'],
  summary: 'Products that are running out, by id',
  querystring: LowStockQuery,
  response: { 200: LowStockPage, ...problems },
}

export const announceSchema = {
  ...admin,
  summary: 'Publish every product again as it is, for new or lost replicas',
  response: { 202: Type.Object({ announced: Type.Integer() }), ...problems },
}

export const getInventorySchema = {
  ...inventory,
  summary: 'Stock of a product, as it is now',
  params: Type.Object({ productId: ProductId }),
  response: { 200: InventoryView, ...problems },
}

export const getReservationSchema = {
  tags: ['admin', 'inventory'],
  summary: 'What is held, or was, for an order',
  params: Type.Object({ orderId: Id }),
  response: { 200: ReservationView, ...problems },
}
