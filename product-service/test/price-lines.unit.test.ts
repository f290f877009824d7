import { MAX_MINOR, MAX_QUANTITY, newId } from '@order-saga/common'
import fc from 'fast-check'
import { priceLines } from '../src/domain/price-lines'
import { product, shelfOf } from './given'

const line = fc.record({
  // as wide as the schemas of products and orders
  unitPriceMinor: fc.oneof(fc.integer({ min: 1, max: MAX_MINOR }), fc.integer({ min: 1, max: 100_000 })),
  quantity: fc.integer({ min: 1, max: MAX_QUANTITY }),
})

test('the total of any order is exact to the cent, or the order is too large', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 50 }), (wanted) => {
      const lines = wanted.map((one) => ({ ...one, productId: newId() }))
      const shelf = shelfOf(...lines.map((one) => product({ ...one, available: MAX_QUANTITY })))
      const exact = lines.reduce((sum, one) => sum + BigInt(one.quantity) * BigInt(one.unitPriceMinor), 0n)
      const quote = priceLines(shelf, { lines })
      const outcome = 'reason' in quote ? quote.reason : BigInt(quote.totalMinor)
      expect(outcome).toBe(exact > BigInt(MAX_MINOR) ? 'order_too_large' : exact)
      seen.add(typeof outcome)
    }),
    { numRuns: 500 },
  )
  expect(seen.size).toBe(2)
})
