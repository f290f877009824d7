import { Currency, Id, OrderLine, ProblemBody, Quantity } from '@order-saga/common'
import Type from 'typebox'

const strict = { additionalProperties: false }

const Item = Type.Object(OrderLine.properties, strict)
const Pieces = Type.Object({ quantity: Quantity }, strict)
const ItemPath = Type.Object({ productId: Id })

const OrNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])

const Cart = Type.Object({
  lines: Type.Array(
    Type.Object({
      productId: Id,
      quantity: Quantity,
      name: OrNull(Type.String()),
      unitPriceMinor: OrNull(Type.Integer()),
      currency: OrNull(Currency),
      lineTotalMinor: OrNull(Type.Integer()),
      isAvailable: Type.Boolean(),
    }),
  ),
  totalMinor: { ...OrNull(Type.Integer()), description: 'null: a price is unknown, or no order may be that large' },
  currency: Currency,
})

const tags = ['cart']
const problems = { '4xx': ProblemBody, '5xx': ProblemBody }
const cart = { 200: Cart, ...problems }
const nothing = { 204: Type.Null(), ...problems }

export const getCart = { tags, summary: 'Your cart, with the prices of this moment', response: cart }

export const addItem = { tags, summary: 'Add pieces of a product', body: Item, response: cart }

export const setItem = {
  tags,
  summary: 'Set the number of pieces of a product',
  params: ItemPath,
  body: Pieces,
  response: cart,
}

export const removeItem = { tags, summary: 'Take a product out', params: ItemPath, response: nothing }

export const emptyCart = { tags, summary: 'Take everything out', response: nothing }
