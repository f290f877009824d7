import { HOT_PRODUCTS, wishOf } from '../../src/faults/load/wish'

const wishes = Array.from({ length: 10_000 }, (_, n) => wishOf(1, n))
const shareOf = (isMeant: (wish: (typeof wishes)[number]) => boolean) => wishes.filter(isMeant).length / wishes.length

it('the n-th customer of a seed wants the same in every run', () => {
  expect(wishOf(7, 4_711)).toEqual(wishOf(7, 4_711))
  expect(wishOf(7, 4_711)).not.toEqual(wishOf(8, 4_711))
})

it.each([
  ['decline', 0.1],
  ['cancel', 0.14],
  ['out-of-stock', 0.05],
  ['duplicate', 0.05],
  ['abort', 0.04],
] as const)('%s: %d of all', (errand, share) => {
  expect(shareOf((wish) => wish.errand === errand)).toBeCloseTo(share, 1)
})

it('an order has one to four lines, half of them of the hot products', () => {
  const lines = wishes.flatMap((wish) => wish.lines)
  for (const wish of wishes) expect([1, 2, 3, 4]).toContain(wish.lines.length)
  expect(lines.filter(({ product }) => product < HOT_PRODUCTS).length / lines.length).toBeCloseTo(0.5, 1)
})
