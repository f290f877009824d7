import { mixText, NOTHING_SPECIAL, readMix, USUAL } from '../../src/run/mix'
import { wishOf } from '../../src/run/wish'

it('names shares of a hundred; what is not named does not happen', () => {
  expect(readMix('declines=5, out-of-stock=2.5%,hot=100')).toEqual({
    declines: 5,
    outOfStock: 2.5,
    cancels: 0,
    severalLines: 0,
    hot: 100,
  })
  expect(readMix('none')).toEqual(NOTHING_SPECIAL)
})

it.each([
  ['declines', 'a share is a number'],
  ['declines=', 'a share is a number'],
  ['declines=-1', 'a share is a number'],
  ['hot=101', 'a share is a number'],
  ['returns=1', 'there is no returns'],
  ['', 'there is no nameless kind'],
  ['declines=50,cancels=30,out-of-stock=21', 'together are 101'],
])('%s is no mix', (text, words) => {
  expect(() => readMix(text)).toThrow(words)
})

it('reads what it writes', () => {
  for (const mix of [USUAL, NOTHING_SPECIAL]) expect(readMix(mixText(mix))).toEqual(mix)
})

describe('wishes', () => {
  const MANY = 10_000
  const wishes = (text: string, products = 12) =>
    Array.from({ length: MANY }, (_, n) => wishOf(7, n, readMix(text), products))
  const percentOf = <T>(all: readonly T[], is: (one: T) => boolean) => (100 * all.filter(is).length) / all.length

  it('come in the shares of the mix', () => {
    const all = wishes('declines=10,out-of-stock=5,cancels=20,several-lines=30,hot=40')
    for (const [errand, share] of [
      ['decline', 10],
      ['out-of-stock', 5],
      ['cancel', 20],
      ['buy', 65],
    ] as const)
      expect(Math.abs(percentOf(all, (wish) => wish.errand === errand) - share)).toBeLessThan(1.5)
    expect(Math.abs(percentOf(all, ({ lines }) => lines.length > 1) - 30)).toBeLessThan(1.5)
    // and whom chance leads there
    expect(Math.abs(percentOf(all, ({ lines }) => lines[0]?.product === 0) - 45)).toBeLessThan(1.5)
    expect(all.every(({ errand, paymentToken }) => (paymentToken !== 'tok_visa') === (errand === 'decline'))).toBe(true)
  })

  it('of none are for one product and are paid', () => {
    const kinds = new Set(
      wishes('none').map(({ errand, lines, paymentToken }) => `${errand} ${lines.length} ${paymentToken}`),
    )
    expect([...kinds]).toEqual(['buy 1 tok_visa'])
  })

  it('of the hot product alone are for nothing else', () => {
    const kinds = new Set(wishes('hot=100').map(({ lines }) => lines.map(({ product }) => product).join()))
    expect([...kinds]).toEqual(['0'])
  })

  it('name a product once, however few there are', () => {
    for (const products of [1, 3, 12]) {
      const named = wishes('several-lines=100', products).map(({ lines }) => lines.map(({ product }) => product))
      expect(named.every((some) => new Set(some).size === some.length)).toBe(true)
      expect(Math.max(...named.flat())).toBe(products - 1)
    }
  })

  it('are the same for the same seed, and others for another', () => {
    const wish = (seed: number, n: number) => wishOf(seed, n, USUAL, 1_000)
    expect(wish(3, 14)).toEqual(wish(3, 14))
    expect(wish(4, 14)).not.toEqual(wish(3, 14))
    expect(wish(3, 15)).not.toEqual(wish(3, 14))
  })
})
