import { Id, Minor, OneOf, Text, UtcTime } from '@order-saga/common'
import Type from 'typebox'
import { sorts } from '../domain/sort'
import { admin, ById, catalogue, closed, notFound, ProductView, Stock } from './schemas'

const ProductPage = Type.Object({
  items: Type.Array(ProductView),
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'pass as `after`, with the same sort, for the next page',
  }),
})

const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }))

const ListQuery = Type.Object(
  {
    text: Type.Optional({ ...Text(100), description: 'part of a name or description' }),
    category: Type.Optional({ ...Text(80), description: 'only of this category' }),
    minPriceMinor: Type.Optional({ ...Minor, description: 'only from this price on, in minor units' }),
    maxPriceMinor: Type.Optional({ ...Minor, description: 'only up to this price, in minor units' }),
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

const MovementsQuery = Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })), limit: Limit }, closed)

const MovementPage = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.Integer(),
      kind: OneOf('initial', 'restock', 'adjust'),
      quantity: Type.Integer({ description: 'of a correction it may be negative' }),
      reason: Type.Union([Type.String(), Type.Null()]),
      changedBy: Type.Union([Id, Type.Null()], { description: 'null: the shop itself, when it was first set up' }),
      at: UtcTime,
    }),
  ),
  next: Type.Union([Type.Integer(), Type.Null()], { description: 'pass as `before` for the next page' }),
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

export const listProductsSchema = {
  ...catalogue,
  summary: 'Products on sale, in pages; text, category, prices and stock narrow them',
  querystring: ListQuery,
  response: { 200: ProductPage },
  refusals: { 400: ['invalid-cursor'] },
}

export const listCategoriesSchema = {
  ...catalogue,
  summary: 'Categories, with how many products are on sale in each',
  response: { 200: Categories },
}

export const listPricesSchema = {
  ...admin,
  summary: 'What a product has cost, newest first, and who changed it',
  params: ById,
  querystring: PricesQuery,
  response: { 200: PricePage },
  refusals: notFound,
}

export const listMovementsSchema = {
  tags: ['admin', 'inventory'],
  summary: 'Deliveries and corrections of a product, newest first, with reason and by whom',
  params: ById,
  querystring: MovementsQuery,
  response: { 200: MovementPage },
  refusals: notFound,
}

export const lowStockSchema = {
  tags: ['admin', 'inventory'],
  summary: 'Products that are running out, by id',
  querystring: LowStockQuery,
  response: { 200: LowStockPage },
}
