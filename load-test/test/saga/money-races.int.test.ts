import type { Id } from '@order-saga/common'
import type { PlacedOrder } from '@order-saga/common/client'
import { eventually } from '@order-saga/common/testing'
import type { FaultMode } from '../../../payment-service/simulator/faults'
import type { Held } from '../support/premises'
import { cancelledFor, PAID, refundedAfter, storyOf } from '../support/story'
import type { Customer, TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
useShop((opened) => {
  shop = opened
})

async function place(paymentToken: string): Promise<{ ada: Customer; order: PlacedOrder }> {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  return { ada, order: await shop.place(ada, [{ productId, quantity: 2 }], { paymentToken }) }
}

/** An order that is priced and held, with payment-service away. */
async function placeWithoutPayment(paymentToken = 'tok_visa') {
  await shop.stop('payment-service')
  const placed = await place(paymentToken)
  await shop.whenHeard('order-service', await shop.toldOnce(placed.order.id, 'inventory.reserved'))
  return placed
}

/** Nobody can decide about the order before this is released; then whoever came first does. */
const holdVerdict = ({ id }: { id: Id }): Promise<Held> =>
  shop.premises.hold('order-service', 'SELECT FROM orders WHERE id = $1 FOR UPDATE', [id])

const passesDeadlineIn = (interval: string, { id }: { id: Id }) =>
  shop.premises.query('order-service', 'UPDATE orders SET deadline_at = now() + $2::interval WHERE id = $1', [
    id,
    interval,
  ])

const inLine = (sessions: number) => shop.premises.whenWaiting('order-service', sessions)

const whenPayment = ({ id }: { id: Id }, state: string) =>
  eventually(async () => expect((await storyOf(shop, id)).payment).toBe(state))

/** The charge was called and not answered. */
const whenUnanswered = ({ id }: { id: Id }) =>
  eventually(async () => {
    const sql = 'SELECT last_error FROM payments WHERE order_id = $1'
    expect(await shop.premises.query('payment-service', sql, [id])).toEqual([{ last_error: 'timeout' }])
  })

describe('R1 the customer cancels while the payment succeeds', () => {
  test('R1 the cancellation comes first: cancelled, and the money goes back', async () => {
    const { ada, order } = await placeWithoutPayment()
    const verdict = await holdVerdict(order)
    const cancelling = shop.cancel(ada, order)
    await inLine(1)
    await shop.start('payment-service')
    await inLine(2)
    await verdict.release()
    expect((await cancelling).status).toBe(200)
    await ends(shop, order, refundedAfter('customer_request'))
  })

  test('R1 the payment comes first: paid, and the cancellation is refused', async () => {
    const { ada, order } = await placeWithoutPayment()
    const verdict = await holdVerdict(order)
    await shop.start('payment-service')
    await inLine(1)
    const cancelling = shop.cancel(ada, order)
    await inLine(2)
    await verdict.release()
    expect(await cancelling).toMatchObject({ status: 409, body: { type: '/problems/order-not-cancellable' } })
    await ends(shop, order, PAID)
  })

  test('R1 cancellations at any moment: each order is either paid and charged or cancelled and not, never both', async () => {
    await shop.restart('payment-service', { SHOP_PROVIDER_TIMEOUT_MS: '20000' })
    const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available: 20 })])
    const orders = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const order = await shop.place(ada, [{ productId, quantity: 1 }])
        // from at once to after several round trips
        for (let wait = 0; wait < n % 10; wait++) await storyOf(shop, order.id)
        return { order, status: (await shop.cancel(ada, order)).status }
      }),
    )
    for (const { order, status } of orders) {
      await ends(shop, order, status === 409 ? PAID : { order: 'cancelled: customer_request', reservation: 'released' })
    }
  })
})

describe('R2 the deadline passes while the payment succeeds', () => {
  /**
   * On a busy machine the one who should be first in line may come second: then with another order, until the race was
   * run as it should be. Every order of it has to end well.
   */
  const untilItEnds = (status: string, race: () => Promise<PlacedOrder>): Promise<PlacedOrder> =>
    eventually(async () => {
      await shop.restore()
      const order = await race()
      await ends(shop, order, { order: expect.stringMatching(/^(paid|cancelled: timed_out)$/) })
      expect((await storyOf(shop, order.id)).order).toBe(status)
      return order
    }, 90_000)

  test('R2 the deadline comes first: cancelled, and the money goes back', async () => {
    const order = await untilItEnds('cancelled: timed_out', async () => {
      const placed = await placeWithoutPayment()
      await passesDeadlineIn('500 ms', placed.order)
      const verdict = await holdVerdict(placed.order)
      try {
        await inLine(1)
        await shop.start('payment-service')
        await inLine(2)
      } finally {
        await verdict.release()
      }
      return placed.order
    })
    await ends(shop, order, refundedAfter('timed_out'))
  })

  test('R2 the payment comes first: paid, and the deadline finds nothing to do', async () => {
    const order = await untilItEnds('paid', async () => {
      const placed = await placeWithoutPayment()
      await passesDeadlineIn('4 s', placed.order)
      const verdict = await holdVerdict(placed.order)
      try {
        await shop.start('payment-service')
        await inLine(1)
        await inLine(2)
      } finally {
        await verdict.release()
      }
      return placed.order
    })
    await ends(shop, order, PAID)
  })
})

describe('R5 an order is cancelled while its charge is under way', () => {
  /** The provider answers nothing until payment-service knows of the cancellation. */
  async function cancelWhileCharging(mode: FaultMode, paymentToken: string): Promise<PlacedOrder> {
    await shop.outside.provider({ mode })
    const { ada, order } = await place(paymentToken)
    await whenUnanswered(order)
    await shop.cancel(ada, order)
    await shop.whenHeard('payment-service', await shop.toldOnce(order.id, 'order.cancelled'))
    await shop.outside.provider({ mode: 'ok' })
    return order
  }

  test('R5 the charge had gone through without an answer: it is given back', async () => {
    const order = await cancelWhileCharging('timeout-after', 'tok_visa')
    expect((await shop.outside.ledger(order.id))[0]?.type).toBe('charge')
    await ends(shop, order, refundedAfter('customer_request'))
  })

  test('R5 the charge goes through after the cancellation: it is given back', async () => {
    const order = await cancelWhileCharging('timeout-before', 'tok_executesLate')
    await ends(shop, order, refundedAfter('customer_request'))
  })

  test('R5 the charge is declined: nothing to give back', async () => {
    const order = await cancelWhileCharging('timeout-after', 'tok_chargeDeclined')
    await ends(shop, order, cancelledFor('customer_request'))
  })
})

/** Charged, but order-service has not heard of it: what it should have heard is lost. */
async function chargedUnheard() {
  const placed = await placeWithoutPayment()
  await shop.stop('order-service')
  await shop.start('payment-service')
  await whenPayment(placed.order, 'captured')
  await shop.whenSent('payment-service')
  await shop.stop('payment-service')
  await shop.premises.purge('order-service')
  await shop.start('order-service')
  return { ...placed, succeeded: await shop.toldOnce(placed.order.id, 'payment.succeeded') }
}

test('R6 the success arrives after the order was cancelled: charged once, given back once, mailed once', async () => {
  const { ada, order, succeeded } = await chargedUnheard()
  expect((await shop.cancel(ada, order)).status).toBe(200)
  expect(await storyOf(shop, order.id)).toMatchObject({ order: 'cancelled: customer_request', refund: 'none' })
  await shop.deliver('order-service', succeeded)
  expect(await storyOf(shop, order.id)).toMatchObject({ order: 'cancelled: customer_request', refund: 'due' })
  await shop.start('payment-service')
  await ends(shop, order, refundedAfter('customer_request'))
})

describe('R7 the card is declined while the customer cancels', () => {
  test('R7 the cancellation comes first: its reason stays, one mail', async () => {
    const { ada, order } = await placeWithoutPayment('tok_chargeDeclined')
    const verdict = await holdVerdict(order)
    const cancelling = shop.cancel(ada, order)
    await inLine(1)
    await shop.start('payment-service')
    await inLine(2)
    await verdict.release()
    expect((await cancelling).status).toBe(200)
    await ends(shop, order, cancelledFor('customer_request', { payment: 'failed' }))
  })

  test('R7 the decline comes first: its reason stays, one mail', async () => {
    const { ada, order } = await placeWithoutPayment('tok_chargeDeclined')
    const verdict = await holdVerdict(order)
    await shop.start('payment-service')
    await inLine(1)
    const cancelling = shop.cancel(ada, order)
    await inLine(2)
    await verdict.release()
    expect(await cancelling).toMatchObject({ status: 200, body: { reason: 'payment_declined' } })
    await ends(shop, order, cancelledFor('payment_declined', { payment: 'failed' }))
  })
})

test('R12 the provider charges after we have given up waiting: charged once, paid', async () => {
  const { order } = await place('tok_executesLate')
  await ends(shop, order, PAID)
})

describe('R13 the provider forgets keys after a day', () => {
  const keyOf = ({ id }: { id: Id }) => `ch_${id}`

  /** For the order, which times out, for the provider, whose keys are gone, and for payment-service, which is away. */
  async function dayPasses(order: PlacedOrder): Promise<void> {
    await shop.stop('payment-service')
    await passesDeadlineIn('0 s', order)
    await eventually(async () => expect((await storyOf(shop, order.id)).order).toBe('cancelled: timed_out'))
    const columns = ['first_called_at', 'next_attempt_at', 'deadline_at', 'created_at', 'updated_at']
    const aged = columns.map((column) => `${column} = ${column} - interval '24 hours'`)
    await shop.premises.query('payment-service', `UPDATE payments SET ${aged} WHERE order_id = $1`, [order.id])
    await shop.outside.provider({ mode: 'ok', forgetKeys: true })
    expect(await shop.outside.knowsKey(keyOf(order))).toBe(false)
    await shop.start('payment-service')
  }

  test('R13 a charge it has made is found by the order: given back, not made again', async () => {
    await shop.outside.provider({ mode: 'timeout-after' })
    const { order } = await place('tok_visa')
    await whenUnanswered(order)
    expect(await shop.outside.knowsKey(keyOf(order))).toBe(true)
    await dayPasses(order)
    await ends(shop, order, refundedAfter('timed_out'))
  })

  test('R13 a charge it does not know of is not sent again: a person decides', async () => {
    await shop.outside.provider({ mode: 'timeout-before' })
    const { order } = await place('tok_visa')
    await whenUnanswered(order)
    await dayPasses(order)
    const sql = 'SELECT needs_attention, cancel FROM payments WHERE order_id = $1'
    await eventually(async () =>
      expect(await shop.premises.query('payment-service', sql, [order.id])).toEqual([
        { needs_attention: 'outcome_unknown', cancel: true },
      ]),
    )
    await ends(shop, order, cancelledFor('timed_out', { payment: 'charging' }))
  })
})

describe('R14 the answer to a refund is lost', () => {
  test('R14 of a cancelled order: given back once', async () => {
    const { ada, order, succeeded } = await chargedUnheard()
    await shop.cancel(ada, order)
    await shop.outside.provider({ mode: 'timeout-after', count: 1 })
    await shop.start('payment-service')
    await ends(shop, order, refundedAfter('customer_request'))
    await shop.deliver('order-service', succeeded)
  })

  test('R14 of a paid order, ordered by an administrator twice: given back once, stock stays sold', async () => {
    const { order } = await place('tok_visa')
    await ends(shop, order, PAID)
    await shop.outside.provider({ mode: 'timeout-after', count: 1 })
    const token = await shop.authority.admin()
    const question = { token, body: { reason: 'arrived broken' } }
    const refund = () => shop.ask('payment-service', `/admin/payments/${order.id}/refund`, question)
    expect((await refund()).status).toBe(202)
    expect((await refund()).status).toBe(200)
    await ends(shop, order, { ...PAID, payment: 'refunded', refund: 'done', refunds: 1, mails: ['receipt', 'refund'] })
  })
})
