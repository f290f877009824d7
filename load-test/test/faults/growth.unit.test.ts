import { judgeGrowth } from '../../src/faults/soak'

const WHAT = 'order-service: open files'
const over = (values: readonly number[]) => values.map((value, n) => ({ at: `${n}`, values: { [WHAT]: value } }))
const judged = (values: readonly number[]) => judgeGrowth(over(values))[0]

describe('growth over a soak', () => {
  it('is wrong when what is there at the least has become more than half as much again', () => {
    const leaking = Array.from({ length: 40 }, (_, n) => 30 + 2 * n)
    expect(judged(leaking)).toEqual({ what: WHAT, from: 50, to: 90, isTooMuch: true })
  })

  it('is not what a fault drives up for most of a quarter, and what goes again', () => {
    const bursts = Array.from({ length: 40 }, (_, n) => (n >= 31 && n < 38 ? 80 : 30))
    expect(judged(bursts)).toEqual({ what: WHAT, from: 30, to: 30, isTooMuch: false })
  })

  it('is not judged of a run too short to have quarters', () => {
    expect(judgeGrowth(over([1, 100]))).toEqual([])
  })
})
