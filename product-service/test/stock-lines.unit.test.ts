import { newId } from '@order-saga/common'
import { linesCrossed } from '../src'
import { product } from './given'

test.each([
  [7, 6, []],
  [6, 5, ['product.low_stock']],
  [5, 4, []],
  [9, 0, ['product.low_stock']],
  [1, 0, ['product.low_stock']],
  [0, 0, []],
  [0, 1, ['product.back_in_stock']],
  [0, 9, ['product.back_in_stock']],
  [1, 9, []],
])('from %i to %i pieces: %j', (before, available, types) => {
  const told = (isForSale: boolean) =>
    linesCrossed(before, product({ available, isForSale }), newId).map(({ contract }) => contract.type)
  expect(told(true)).toEqual(types)
  expect(told(false)).toEqual([])
})
