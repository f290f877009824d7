import { addressOf, parseAddress } from '../../console/src/view/address'

test('nothing leads to the sagas', () => {
  for (const hash of ['', '#', '#/']) expect(parseAddress(hash)).toEqual({ page: 'sagas', id: null, query: {} })
})

test('a view is found again by its address, whatever is in it', () => {
  const hash = addressOf('journey', 'a/b?c', { q: 'x&y=z #1', status: '' })
  expect(hash).toBe('#/journey/a%2Fb%3Fc?q=x%26y%3Dz+%231')
  expect(parseAddress(hash)).toEqual({ page: 'journey', id: 'a/b?c', query: { q: 'x&y=z #1' } })
})

test('a broken escape is taken as it stands', () => {
  expect(parseAddress('#/journey/%E0%A4%A')).toMatchObject({ page: 'journey', id: '%E0%A4%A' })
})
