import { MAX_MINOR } from '@order-saga/common'
import { type CartLine, priced } from '../src/domain/priced-cart'

const line = (change: Partial<CartLine> = {}): CartLine => ({
  productId: 'a',
  quantity: 2,
  name: 'Desk',
  priceMinor: 350,
  currency: 'EUR',
  available: 9,
  seenPriceMinor: 350,
  wasAvailable: true,
  ...change,
})
const totalOf = (...lines: CartLine[]) => priced(lines, 'EUR').totalMinor

test('lines add up', () => {
  expect(priced([line()], 'EUR')).toEqual({
    lines: [
      {
        productId: 'a',
        quantity: 2,
        name: 'Desk',
        unitPriceMinor: 350,
        currency: 'EUR',
        lineTotalMinor: 700,
        isAvailable: true,
        seenPriceMinor: 350,
        hasPriceChanged: false,
        hasRunShort: false,
      },
    ],
    totalMinor: 700,
    currency: 'EUR',
  })
  expect(totalOf(line(), line({ quantity: 1, priceMinor: 5 }))).toBe(705)
  expect(totalOf()).toBe(0)
})

test('a price nobody knows makes the total unknown, not smaller', () => {
  const unknown = line({ name: null, priceMinor: null, currency: null, available: 0 })
  expect(priced([unknown], 'EUR').lines[0]).toMatchObject({
    name: null,
    unitPriceMinor: null,
    lineTotalMinor: null,
    isAvailable: false,
  })
  expect(totalOf(line(), unknown)).toBeNull()
})

test('a total that no order may have is unknown', () => {
  expect(totalOf(line({ quantity: 1, priceMinor: MAX_MINOR }))).toBe(MAX_MINOR)
  expect(totalOf(line({ quantity: 1, priceMinor: MAX_MINOR }), line({ quantity: 1, priceMinor: 1 }))).toBeNull()
})

test.each([
  [2, true],
  [1, false],
  [0, false],
])('of %i pieces in stock, two are available: %s', (available, isAvailable) => {
  expect(priced([line({ available })], 'EUR').lines[0]?.isAvailable).toBe(isAvailable)
})

test.each([
  ['is as it was seen', 350, 350, false],
  ['has risen', 350, 351, true],
  ['has fallen', 350, 349, true],
  ['became nothing', 350, 0, true],
  ['was nothing', 0, 350, true],
  ['was not known then', null, 350, false],
  ['is not known now', 350, null, false],
])('a price that %s', (_what, seenPriceMinor, priceMinor, hasPriceChanged) => {
  expect(priced([line({ seenPriceMinor, priceMinor })], 'EUR').lines[0]?.hasPriceChanged).toBe(hasPriceChanged)
})

test.each([
  ['and still are', true, 2, false],
  ['and are not now', true, 1, true],
])('there were enough then, %s', (_what, wasAvailable, available, hasRunShort) => {
  expect(priced([line({ wasAvailable, available })], 'EUR').lines[0]?.hasRunShort).toBe(hasRunShort)
  expect(priced([line({ wasAvailable: false, available })], 'EUR').lines[0]?.hasRunShort).toBe(false)
})
