import { type Envelope, type Id, inventoryReservationOverdue, newId, paymentOverdue } from '@order-saga/common'
import { eventOf, eventually } from '@order-saga/common/testing'
import { cartOf, orderCart, putInCart } from '../support/cart'
import { repeatOf } from '../support/publishers'
import { quiet, replayEverything } from '../support/quiet'
import { cancelledFor, PAID, refundedAfter, type Story, storyOf, treeOf } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop

interface Scenario {
  readonly name: string
  run(): Promise<{ id: Id }>
  readonly story: Story
  /** Every event, below the one that caused it. Where two hops race, either tree may come about. */
  readonly trees: readonly string[]
}

/** As `treeOf` writes it, in whatever sequence siblings are given. */
const tree = (...lines: string[]) => branches(lines, 0).join('')

function branches(lines: readonly string[], depth: number): string[] {
  const found: { line: string; below: string[] }[] = []
  for (const line of lines)
    if (line.search(/\S/) === 2 * depth) found.push({ line, below: [] })
    else found.at(-1)?.below.push(line)
  return found.map(({ line, below }) => `${line}\n${branches(below, depth + 1).join('')}`).sort()
}

const HAPPY = ['order.created', '  inventory.reserved', '    payment.succeeded', '      order.paid']
const REJECTED = tree('order.created', '  inventory.reservation.failed', '    order.cancelled')

async function place(paymentToken: string, ...stock: number[]) {
  const [ada, ...products] = await Promise.all([
    shop.customer(),
    ...stock.map((available) => shop.product({ available })),
  ])
  const lines = products.map((productId) => ({ productId, quantity: 1 }))
  return { ada, order: await shop.place(ada, lines, { paymentToken }) }
}

const scenarios: Scenario[] = [
  {
    name: 'everything goes well',
    run: async () => (await place('tok_visa', 5)).order,
    story: PAID,
    trees: [tree(...HAPPY)],
  },
  {
    name: 'the product is sold out',
    run: async () => (await place('tok_visa', 0)).order,
    story: cancelledFor('out_of_stock', { reservation: 'rejected' }),
    trees: [REJECTED],
  },
  {
    name: 'of three products one is sold out',
    run: async () => (await place('tok_visa', 5, 0, 5)).order,
    story: cancelledFor('out_of_stock', { reservation: 'rejected' }),
    trees: [REJECTED],
  },
  {
    name: 'the card is declined',
    run: async () => (await place('tok_chargeDeclinedInsufficientFunds', 5)).order,
    story: cancelledFor('payment_declined', { payment: 'failed' }),
    trees: [
      tree(
        'order.created',
        '  inventory.reserved',
        '    payment.failed',
        '      inventory.released',
        '      order.cancelled',
      ),
      tree(
        'order.created',
        '  inventory.reserved',
        '    payment.failed',
        '      order.cancelled',
        '        inventory.released',
      ),
    ],
  },
  {
    name: 'the customer cancels while the charge is under way',
    run: async () => {
      // no answer before everybody knows of the cancellation
      await shop.outside.provider({ mode: 'timeout-after' })
      const { ada, order } = await place('tok_visa', 5)
      await shop.whenHeard('order-service', await shop.toldOnce(order.id, 'inventory.reserved'))
      await eventually(async () => expect(await shop.outside.ledger(order.id)).toHaveLength(1))
      await shop.cancel(ada, order)
      await shop.whenHeard('payment-service', await shop.toldOnce(order.id, 'order.cancelled'))
      await shop.outside.provider({ mode: 'ok' })
      return order
    },
    story: refundedAfter('customer_request'),
    trees: [
      tree(
        'order.created',
        '  inventory.reserved',
        '  order.cancelled',
        '    inventory.released',
        '    payment.refunded',
      ),
    ],
  },
  {
    name: 'the deadline passes',
    run: async () => {
      await shop.stop('product-service')
      await shop.restart('order-service', { SHOP_ORDER_DEADLINE_MS: '1000' })
      const [ada, productId] = [await shop.customer(), newId()]
      const order = await shop.place(ada, [{ productId, quantity: 1 }])
      await shop.poll(ada, order)
      await shop.start('product-service')
      return order
    },
    story: cancelledFor('timed_out', { reservation: 'rejected' }),
    trees: [tree('order.created', '  inventory.reservation.failed', '  order.cancelled')],
  },
  {
    name: 'the provider charges and does not answer',
    run: async () => (await place('tok_timeoutAfterCharge', 5)).order,
    story: PAID,
    trees: [tree(...HAPPY)],
  },
  {
    name: 'an administrator refunds a paid order',
    run: async () => {
      const { ada, order } = await place('tok_visa', 5)
      await ends(shop, order, PAID)
      expect((await shop.poll(ada, order)).status).toBe('paid')
      const question = { token: await shop.authority.admin(), body: { reason: 'arrived broken' } }
      await shop.ask('payment-service', `/admin/payments/${order.id}/refund`, question)
      return order
    },
    story: { ...PAID, refund: 'done', payment: 'refunded', refunds: 1, mails: ['receipt', 'refund'] },
    trees: [tree(...HAPPY, '        payment.refunded')],
  },
]

/** Each in turn asks what became of the order, and tells again, as something new, what it told before. */
async function repeatEverything(told: readonly Envelope[], orderId: Id): Promise<void> {
  const questions = [inventoryReservationOverdue, paymentOverdue].map((contract) => eventOf(contract, { orderId }))
  await shop.publishers.publish(...questions, ...told.map(repeatOf), ...told.map(repeatOf).reverse())
  await quiet(shop)
}

const toldFirst = (events: readonly Envelope[]) =>
  events.filter(({ repeats, type }) => !repeats && !type.endsWith('.overdue'))

const harshly = [{ delivery: 'every event twice', isEchoing: true, instances: 1 }] as const
const thoroughly = [
  { delivery: 'every event once', isEchoing: false, instances: 1 },
  { delivery: 'two instances of every service', isEchoing: false, instances: 2 },
] as const

describe.each([...harshly, ...(process.env.TEST_THOROUGH ? thoroughly : [])])(
  '$delivery',
  ({ isEchoing, instances }) => {
    useShop(
      (opened) => {
        shop = opened
      },
      { isEchoing, instances },
    )

    test.each(scenarios)('$name', async ({ run, story, trees }) => {
      const order = await run()
      await ends(shop, order, story)
      await quiet(shop)
      const told = await shop.told(order.id)
      expect(trees).toContain(treeOf(told))

      await replayEverything(shop)
      await quiet(shop)
      expect(await shop.told(order.id)).toEqual(told)
      expect(await storyOf(shop, order.id)).toEqual(story)

      await repeatEverything(told, order.id)
      expect(toldFirst(await shop.told(order.id))).toEqual(told)
      await ends(shop, order, story)
    })

    describe('an order from the cart', () => {
      test.each([
        { available: 5, story: PAID, left: [] as object[] },
        { available: 2, story: cancelledFor('out_of_stock', { reservation: 'rejected' }), left: [{ quantity: 3 }] },
      ])('of 3 pieces with $available there', async ({ available, story, left }) => {
        const [ada, productId] = await Promise.all([shop.customer(), shop.product({ available })])
        await putInCart(shop, ada, { productId, quantity: 3 })
        const order = await orderCart(shop, ada)
        await ends(shop, order, story)
        await quiet(shop)
        expect((await cartOf(shop, ada)).lines).toMatchObject(left)
        await repeatEverything(await shop.told(order.id), order.id)
        await ends(shop, order, story)
        expect((await cartOf(shop, ada)).lines).toMatchObject(left)
      })
    })
  },
)
