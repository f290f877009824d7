import { type Decision, MAX_LINES, MAX_QUANTITY } from '@order-saga/common'
import fc from 'fast-check'
import { addLine, type Cart, merge, putBack, removeLine, setLine, takeOut } from '../src/domain/cart'

const cartOf = (quantities: Record<string, number>): Cart => new Map(Object.entries(quantities))
const full = cartOf(Object.fromEntries(Array.from({ length: MAX_LINES }, (_, i) => [`p${i}`, 1])))
const stateOf = (decision: Decision<Cart>) =>
  decision.kind === 'changed' ? Object.fromEntries(decision.state) : 'reason' in decision && decision.reason

describe('an edit', () => {
  test.each([
    ['adds a product', addLine(cartOf({}), { productId: 'a', quantity: 2 }), { a: 2 }],
    ['merges a repeated line', addLine(cartOf({ a: 2 }), { productId: 'a', quantity: 3 }), { a: 5 }],
    ['adds up to the limit', addLine(cartOf({ a: 999 }), { productId: 'a', quantity: 1 }), { a: MAX_QUANTITY }],
    ['never adds past it', addLine(cartOf({ a: 999 }), { productId: 'a', quantity: 2 }), 'too_many_pieces'],
    ['refuses the product too many', addLine(full, { productId: 'a', quantity: 1 }), 'too_many_lines'],
    ['sets a line', setLine(cartOf({ a: 9 }), { productId: 'a', quantity: 3 }), { a: 3 }],
    ['sets a line that is not there', setLine(cartOf({}), { productId: 'a', quantity: 3 }), { a: 3 }],
    ['refuses to set the product too many', setLine(full, { productId: 'a', quantity: 1 }), 'too_many_lines'],
    ['removes a line', removeLine(cartOf({ a: 9, b: 1 }), 'a'), { b: 1 }],
    ['ignores the removal of what is not there', removeLine(cartOf({ b: 1 }), 'a'), 'not_in_cart'],
  ])('%s', (_, decision, expected) => {
    expect(stateOf(decision)).toEqual(expected)
  })

  test('still changes a line of a full cart', () => {
    expect(addLine(full, { productId: 'p7', quantity: 1 }).kind).toBe('changed')
    expect(setLine(full, { productId: 'p7', quantity: 5 }).kind).toBe('changed')
  })
})

describe('an order', () => {
  test.each([
    ['takes what was ordered', { a: 5 }, [['a', 2]], { a: 3 }, { a: 2 }],
    ['takes a whole line', { a: 5, b: 1 }, [['a', 5]], { b: 1 }, { a: 5 }],
    ['takes no more than is there', { a: 1 }, [['a', 2]], {}, { a: 1 }],
    ['takes nothing of what is not there', { b: 1 }, [['a', 2]], { b: 1 }, {}],
    [
      'merges its own repeated lines',
      { a: 5 },
      [
        ['a', 2],
        ['a', 4],
      ],
      {},
      { a: 5 },
    ],
  ])('%s', (_, before, ordered, left, taken) => {
    const lines = ordered.map(([productId, quantity]) => ({ productId: String(productId), quantity: Number(quantity) }))
    const outcome = takeOut(cartOf(before as Record<string, number>), lines)
    expect(Object.fromEntries(outcome.left)).toEqual(left)
    expect(Object.fromEntries(outcome.taken.map(({ productId, quantity }) => [productId, quantity]))).toEqual(taken)
  })

  test('that is cancelled finds room for its pieces up to the limit', () => {
    expect(putBack(cartOf({ a: 600 }), [{ productId: 'a', quantity: 500 }]).get('a')).toBe(MAX_QUANTITY)
  })

  test('that is cancelled adds no line to a full cart, and pieces to the lines it has', () => {
    const cart = putBack(full, [
      { productId: 'a', quantity: 1 },
      { productId: 'p7', quantity: 1 },
    ])
    expect([cart.size, cart.has('a'), cart.get('p7')]).toEqual([MAX_LINES, false, 2])
  })
})

const quantity = fc.integer({ min: 1, max: MAX_QUANTITY })
const product = fc.constantFrom(...Array.from({ length: 60 }, (_, i) => `p${i}`))
const lines = fc.array(fc.record({ productId: product, quantity }), { maxLength: 60 })
const carts = lines.map((some) => putBack(new Map(), some))

test('taking out and putting back restores any cart', () => {
  fc.assert(
    fc.property(carts, lines, (cart, ordered) => {
      const { left, taken } = takeOut(cart, ordered)
      expect(new Map([...putBack(left, taken)].sort())).toEqual(new Map([...cart].sort()))
    }),
  )
})

test('no cart ever leaves its limits', () => {
  const isWithin = (cart: Cart) =>
    cart.size <= MAX_LINES && [...cart.values()].every((pieces) => pieces >= 1 && pieces <= MAX_QUANTITY)
  fc.assert(
    fc.property(carts, lines, lines, (cart, ordered, others) => {
      const { left, taken } = takeOut(cart, ordered)
      const edited = others.reduce((held, line) => {
        const outcome = addLine(held, line)
        return outcome.kind === 'changed' ? outcome.state : held
      }, left)
      return [cart, left, edited, putBack(edited, taken)].every(isWithin)
    }),
  )
})

describe('a merge', () => {
  test.each([
    ['adds what is new and sums what is not', { a: 1, b: 2 }, { b: 3, c: 4 }, { a: 1, b: 5, c: 4 }, {}],
    ['of nothing changes nothing', { a: 1 }, {}, { a: 1 }, {}],
    ['leaves out the pieces too many', { a: 998 }, { a: 5, b: 1 }, { a: MAX_QUANTITY, b: 1 }, { a: 3 }],
  ])('%s', (_what, own, theirs, merged, left) => {
    const { cart, leftOut } = merge(cartOf(own), cartOf(theirs))
    expect(Object.fromEntries(cart)).toEqual(merged)
    expect(Object.fromEntries(leftOut.map(({ productId, quantity }) => [productId, quantity]))).toEqual(left)
  })

  test('leaves out the product too many, and still adds to those that are there', () => {
    const { cart, leftOut } = merge(full, cartOf({ p0: 2, other: 7 }))
    expect([cart.size, cart.get('p0'), cart.has('other')]).toEqual([MAX_LINES, 3, false])
    expect(leftOut).toEqual([{ productId: 'other', quantity: 7 }])
  })
})
