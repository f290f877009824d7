import { newId } from '@order-saga/common'
import { mergeLines } from '../../src/domain/merge-lines'

const [pen, cup] = [newId(), newId()]

test('two lines of one product are one line, in the sequence of the first', () => {
  expect(
    mergeLines([
      { productId: pen, quantity: 1 },
      { productId: cup, quantity: 2 },
      { productId: pen, quantity: 3 },
    ]),
  ).toEqual([
    { productId: pen, quantity: 4 },
    { productId: cup, quantity: 2 },
  ])
})

test('a sum over 1,000 pieces is no line', () => {
  const half = { productId: pen, quantity: 500 }
  expect(mergeLines([half, half])).toEqual([{ productId: pen, quantity: 1000 }])
  expect(mergeLines([half, half, { productId: pen, quantity: 1 }])).toBeUndefined()
})
