import type { Envelope, Id } from '@order-saga/common'
import type { TestShop } from './test-shop'

/** What became of an order, as everybody who has to do with it sees it. */
export interface Story {
  /** With the reason of a cancelled one. */
  readonly order: string
  readonly refund: string
  readonly reservation: string
  readonly payment: string
  /** At the provider's own ledger. */
  readonly charges: number
  readonly refunds: number
  /** Kinds of the mails that arrived. */
  readonly mails: readonly string[]
}

export async function storyOf(shop: TestShop, orderId: Id): Promise<Story> {
  const { premises, outside } = shop
  type Row = Record<string, string | null>
  const [[order], [reservation], [payment], entries, mails] = await Promise.all([
    premises.query<Row>('order-service', 'SELECT status, reason, refund FROM orders WHERE id = $1', [orderId]),
    premises.query<Row>('product-service', 'SELECT state FROM reservations WHERE order_id = $1', [orderId]),
    premises.query<Row>('payment-service', 'SELECT state FROM payments WHERE order_id = $1', [orderId]),
    outside.ledger(orderId),
    outside.mails(orderId),
  ])
  const count = (type: string) => entries.filter((entry) => entry.type === type).length
  return {
    order: order ? [order.status, order.reason].filter(Boolean).join(': ') : 'none',
    refund: order?.refund ?? 'none',
    reservation: reservation?.state ?? 'none',
    payment: payment?.state ?? 'none',
    charges: count('charge'),
    refunds: count('refund'),
    mails: mails.map(({ MessageID }) => MessageID.split('.')[0] ?? '').sort(),
  }
}

export const PAID: Story = {
  order: 'paid',
  refund: 'none',
  reservation: 'sold',
  payment: 'settled',
  charges: 1,
  refunds: 0,
  mails: ['receipt'],
}

/** Cancelled, and neither stock nor money ever moved. */
export const cancelledFor = (reason: string, rest: Partial<Story> = {}): Story => ({
  order: `cancelled: ${reason}`,
  refund: 'none',
  reservation: 'released',
  payment: 'voided',
  charges: 0,
  refunds: 0,
  mails: ['cancellation'],
  ...rest,
})

/** Cancelled after the money had moved. */
export const refundedAfter = (reason: string): Story =>
  cancelledFor(reason, {
    refund: 'done',
    payment: 'refunded',
    charges: 1,
    refunds: 1,
    mails: ['cancellation', 'refund'],
  })

/** The events as a tree of causes: each below the one that caused it, two spaces further in. */
export function treeOf(events: readonly Envelope[]): string {
  const known = new Set(events.map(({ id }) => id))
  const below = (cause: Id | undefined, depth: number): string[] =>
    events
      .filter(({ causationid }) => (causationid && known.has(causationid) ? causationid : undefined) === cause)
      .map(
        ({ id, type, repeats }) =>
          `${'  '.repeat(depth)}${type}${repeats ? ' again' : ''}\n${below(id, depth + 1).join('')}`,
      )
      .sort()
  return below(undefined, 0).join('')
}
