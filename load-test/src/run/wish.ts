import { Random } from '../random'
import type { Mix } from './mix'

export type Errand = 'buy' | 'decline' | 'out-of-stock' | 'cancel'

/** What the n-th customer is going to do: drawn from the seed, whatever happens to the others. */
export interface Wish {
  readonly errand: Errand
  /** Of the catalogue: the first is the hot one. */
  readonly lines: readonly { readonly product: number; readonly quantity: number }[]
  readonly paymentToken: string
  readonly cancelAfterMs: number
  /** Of the usual pause between two steps. */
  readonly thinkFactor: number
}

const declines = ['tok_chargeDeclined', 'tok_chargeDeclinedInsufficientFunds', 'tok_chargeDeclinedExpiredCard']
const MAX_LINES = 4
const MAX_QUANTITY = 2
// the saga of a shop that is well is over within this: some are in time, others too late
const CANCEL_WITHIN_MS = 60
// a share of a hundred to two decimals
const FINENESS = 10_000

export function wishOf(seed: number, n: number, mix: Mix, products: number): Wish {
  const random = Random.of(seed, n)
  const happens = (percent: number) => random.below(FINENESS) < (percent * FINENESS) / 100
  const errand = errandAt((random.below(FINENESS) * 100) / FINENESS, mix)
  const first = happens(mix.hot) ? 0 : random.below(products)
  const lines = Math.min(happens(mix.severalLines) ? random.between(2, MAX_LINES) : 1, products)
  return {
    errand,
    // neighbours in the catalogue: a product comes once in an order
    lines: Array.from({ length: lines }, (_, line) => ({
      product: (first + line) % products,
      quantity: random.between(1, MAX_QUANTITY),
    })),
    paymentToken: errand === 'decline' ? random.oneOf(declines) : 'tok_visa',
    cancelAfterMs: random.below(CANCEL_WITHIN_MS),
    thinkFactor: 0.5 + random.below(FINENESS) / FINENESS,
  }
}

function errandAt(percentile: number, { declines, outOfStock, cancels }: Mix): Errand {
  if (percentile < declines) return 'decline'
  if (percentile < declines + outOfStock) return 'out-of-stock'
  return percentile < declines + outOfStock + cancels ? 'cancel' : 'buy'
}
