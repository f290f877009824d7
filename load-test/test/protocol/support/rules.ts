import { capturedIn, refundedIn, timesIn } from './provider'
import type { World } from './world'

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const productsIn = ({ states }: World) => Object.values(states.product.shelf)
const heldIn = ({ states: { product } }: Facts) => {
  const { reservation } = product
  return reservation.state === 'reserved' || reservation.state === 'sold' ? reservation.lines : []
}
const netOf = ({ ledger }: Facts) => capturedIn(ledger) - refundedIn(ledger)
const isAnyOf = <T>(value: T, ...wanted: T[]) => wanted.includes(value)

/** What is known of one order, wherever it is stored. */
type Facts = Pick<World, 'states' | 'ledger'>
type Rule<W = Facts> = readonly [name: string, holds: (world: W) => boolean]

const moneyRules: readonly Rule[] = [
  ['at most one capture', ({ ledger }) => timesIn(ledger, 'charge') <= 1],
  ['at most one refund', ({ ledger }) => timesIn(ledger, 'refund') <= 1],
  [
    'what is captured was reserved',
    ({ ledger, states: { payment } }) => isAnyOf(capturedIn(ledger), 0, payment.order?.totalMinor),
  ],
]

const stockRules: readonly Rule<World>[] = [
  ['no product is oversold', (world) => productsIn(world).every(({ available }) => available >= 0)],
  [
    'no piece appears or disappears',
    (world) =>
      productsIn(world).every(({ available, reserved, sold }, index) => {
        return available + reserved + sold === world.initialStock[index]
      }),
  ],
  [
    'stock held and sold is what the reservation holds',
    (world) =>
      productsIn(world).every(({ productId, reserved, sold }) => {
        const held = heldIn(world).find((line) => line.productId === productId)?.quantity ?? 0
        const isSold = world.states.product.reservation.state === 'sold'
        return reserved === (isSold ? 0 : held) && sold === (isSold ? held : 0)
      }),
  ],
]

const paidRules: readonly Rule[] = [
  ['a paid order has its stock sold', ({ states }) => states.product.reservation.state === 'sold'],
  ['a paid order has its payment settled', ({ states }) => isAnyOf(states.payment.state, 'settled', 'refunded')],
  [
    'a paid order is captured in full, unless an administrator gave it back',
    (world) => {
      const { order, payment } = world.states
      return netOf(world) === (payment.refundBy === 'administrator' ? 0 : order.totalMinor)
    },
  ],
  [
    'a paid order has names, prices and total of all its lines',
    ({ states: { order, product } }) => {
      const held = 'lines' in product.reservation ? product.reservation.lines : undefined
      const total = sum(order.lines.map(({ quantity, unitPriceMinor = Number.NaN }) => quantity * unitPriceMinor))
      const areEqual = order.lines === held || JSON.stringify(order.lines) === JSON.stringify(held)
      return order.totalMinor === total && areEqual
    },
  ],
  ['whoever paid gets no notice of cancellation', ({ states }) => !states.mailer.includes('cancellation')],
]

const cancelledRules: readonly Rule[] = [
  ['nobody pays for a cancelled order', (world) => netOf(world) === 0],
  ['a cancelled order holds no stock', (world) => heldIn(world).length === 0],
  ['a cancelled order owes nothing', ({ states }) => isAnyOf(states.order.refund, 'none', 'done')],
  [
    'a cancelled order leaves no payment open',
    ({ states }) => isAnyOf(states.payment.state, 'absent', 'failed', 'voided', 'refunded'),
  ],
  ['whoever did not buy gets no receipt', ({ states }) => !states.mailer.includes('receipt')],
  [
    'a mail tells of a refund only after one',
    ({ ledger, states }) => !states.mailer.includes('refund') || timesIn(ledger, 'refund') === 1,
  ],
]

const endRules: { readonly [S in World['states']['order']['status']]: readonly Rule[] } = {
  pending: [['every order ends', () => false]],
  paid: paidRules,
  cancelled: cancelledRules,
}

const firstBroken = <W>(rules: readonly Rule<W>[], world: W) => rules.find(([, holds]) => !holds(world))?.[0]

/** What has to hold at every moment, whatever goes wrong. */
export const brokenMoney = (facts: Facts): string | undefined => firstBroken(moneyRules, facts)
export const brokenAlways = (world: World): string | undefined => brokenMoney(world) ?? firstBroken(stockRules, world)

/** What has to hold once nothing happens any more. */
export const brokenAtEnd = (facts: Facts): string | undefined => firstBroken(endRules[facts.states.order.status], facts)
