import { Random } from '../../random'

export type Errand = 'buy' | 'decline' | 'cancel' | 'out-of-stock' | 'duplicate' | 'abort' | 'reuse-key' | 'cart'

/** What the n-th shopper is going to do: drawn from the seed, whatever happens to the others. */
export interface Wish {
  readonly n: number
  readonly errand: Errand
  readonly customer: number
  /** Of the shelf: the first are the hot ones. */
  readonly lines: readonly { readonly product: number; readonly quantity: number }[]
  readonly paymentToken: string
  /** Cancels or aborts after so long. */
  readonly afterMs: number
  /** Which instance of order-service is asked. */
  readonly door: number
  /** 0: with the shipped client; else a poll of its own, so often. */
  readonly pollEveryMs: number
}

export const CUSTOMERS = 24
export const PRODUCTS = 40
export const HOT_PRODUCTS = 5

const MIX: readonly (readonly [Errand, number])[] = [
  ['buy', 56],
  ['decline', 10],
  ['cancel', 14],
  ['out-of-stock', 5],
  ['duplicate', 5],
  ['abort', 4],
  ['cart', 3],
  ['reuse-key', 3],
]

const declines = ['tok_chargeDeclined', 'tok_chargeDeclinedInsufficientFunds', 'tok_chargeDeclinedExpiredCard']
// now and then a card whose charge is slow, late or silent
const cards = [
  ...Array<string>(12).fill('tok_visa'),
  'tok_timeoutAfterCharge',
  'tok_executesLate',
  'tok_providerDownOnce',
]
// a customer who changes their mind meets a charge that is just being made
const regretted = ['tok_visa', 'tok_visa', 'tok_timeoutAfterCharge', 'tok_executesLate', 'tok_slow']

// the saga of a shop that is well is over within a fraction of a second, that of a broken one takes seconds
const CANCEL_WITHIN_MS = [150, 150, 3_000, 8_000]
const ABORT_WITHIN_MS = 25

export function wishOf(seed: number, n: number): Wish {
  const random = Random.of(seed, n)
  const errand = errandAt(random.below(100))
  return {
    n,
    errand,
    customer: random.below(CUSTOMERS),
    lines: Array.from({ length: random.between(1, 4) }, () => ({
      product: random.isOneIn(2) ? random.below(HOT_PRODUCTS) : random.between(HOT_PRODUCTS, PRODUCTS - 1),
      quantity: random.between(1, 3),
    })),
    paymentToken: random.oneOf(tokensFor(errand)),
    afterMs: random.below(errand === 'abort' ? ABORT_WITHIN_MS : random.oneOf(CANCEL_WITHIN_MS)),
    door: random.below(1_000),
    pollEveryMs: random.isOneIn(2) ? 0 : random.between(100, 300),
  }
}

function errandAt(percentile: number): Errand {
  let upTo = 0
  for (const [errand, share] of MIX) {
    upTo += share
    if (percentile < upTo) return errand
  }
  return 'buy'
}

function tokensFor(errand: Errand): readonly string[] {
  if (errand === 'decline') return declines
  return errand === 'cancel' ? regretted : cards
}
