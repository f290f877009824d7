import { Currency, Id, OrderLine, Quantity, type Refusals } from '@order-saga/common'
import Type from 'typebox'

const strict = { additionalProperties: false }

// a stoneware mug of the shop's first catalogue
const mug = '01970000-0000-7000-8000-000000000005'

const Item = Type.Object(OrderLine.properties, { ...strict, examples: [{ productId: mug, quantity: 2 }] })
const Pieces = Type.Object({ quantity: Quantity }, { ...strict, examples: [{ quantity: 3 }] })
const ItemPath = Type.Object({ productId: { ...Id, examples: [mug] } })

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
      isAvailable: Type.Boolean({
        description: 'by what the catalogue told last: it does not tell every sale, and only the order decides',
      }),
      seenPriceMinor: {
        ...OrNull(Type.Integer()),
        description: 'its price when it was put in, or its pieces were last set with PUT; null: nobody knew',
      },
      hasPriceChanged: Type.Boolean({ description: 'since then; PUT of the pieces agrees to the new one' }),
      hasRunShort: Type.Boolean({ description: 'there were enough then, and are not now' }),
    }),
  ),
  totalMinor: { ...OrNull(Type.Integer()), description: 'null: a price is unknown, or no order may be that large' },
  currency: Currency,
})

// 256 bits in base64url
const GuestToken = Type.String({ minLength: 43, maxLength: 200, description: 'as POST /guest-carts told it' })

const Merge = Type.Object(
  { guestToken: GuestToken },
  { ...strict, examples: [{ guestToken: 'q9w-MDxaHhTMh3sUaXfD0lMZ0Lr1tJmAJ0S3SxkR1tk' }] },
)
const Merged = Type.Object({
  ...Cart.properties,
  leftOut: Type.Array(OrderLine, { description: 'for which there was no room: a cart holds only so much' }),
})

const tags = ['cart']
const cart = { 200: Cart }
const full = { 409: ['cart-full'] }
const unknownGuest = { 400: ['invalid-guest-token'] }
const nothing = { 204: Type.Null() }

export const getCart = { tags, summary: 'Your cart, with the prices of this moment', response: cart }

export const addItem = { tags, summary: 'Add pieces of a product', body: Item, response: cart, refusals: full }

export const setItem = {
  tags,
  summary: 'Set the number of pieces of a product',
  params: ItemPath,
  body: Pieces,
  response: cart,
  refusals: full,
}

export const removeItem = { tags, summary: 'Take a product out', params: ItemPath, response: nothing }

export const emptyCart = { tags, summary: 'Take everything out', response: nothing }

export const mergeCarts = {
  tags,
  summary: 'Take over what you collected before you logged in',
  description: 'Once: the same customer may ask again and gets the cart, for everybody else the token is void.',
  body: Merge,
  response: { 200: Merged },
  refusals: unknownGuest,
}

export const openGuestCart = {
  tags: ['guests'],
  summary: 'A cart for somebody who has not logged in: whoever has the token has the cart',
  response: { 201: Type.Object({ guestToken: GuestToken }) },
}

/** The same routes for a guest, who shows a token of another kind. */
export const ofGuest = <S extends { readonly tags: string[]; readonly refusals?: Refusals }>(schema: S) => ({
  ...schema,
  tags: ['guests'],
  headers: Type.Object({ 'guest-token': GuestToken }),
  refusals: { ...schema.refusals, ...unknownGuest },
})
