import type { CancelReason, KnownLine } from '@order-saga/common'
import type { Facts, Kind } from './mail'
import { moneyIn } from './money'
import { timeOf } from './time'

/** What a mail says, in whatever form. */
export interface Letter {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly lines?: readonly Line[]
  /** The same in one sentence, in an SMS: nothing that somebody else has written. */
  readonly inShort?: string
}

export interface Line {
  readonly what: string
  readonly amount: string | undefined
  readonly isTotal?: boolean
}

const why: Record<CancelReason, string> = {
  out_of_stock: 'something you ordered is no longer in stock',
  product_unavailable: 'something you ordered is no longer sold',
  price_changed: 'a price changed before we could reserve your order',
  order_too_large: 'the order is larger than we can take',
  payment_declined: 'your payment was declined',
  customer_request: 'you asked us to',
  timed_out: 'we could not complete it in time',
}

export const letters: { [K in Kind]: (facts: Facts[K]) => Letter } = {
  welcome: () => ({ subject: 'Welcome', paragraphs: ['Your account is open. Happy shopping!'] }),
  receipt: ({ orderId, lines, totalMinor, currency }) => {
    const total = moneyIn(currency)(totalMinor)
    return {
      subject: `Receipt for order ${orderId}`,
      paragraphs: [`Thank you. We received ${total} for your order ${orderId}.`],
      lines: [...lines.map((line) => describe(line, currency)), { what: 'Total', amount: total, isTotal: true }],
      inShort: `We received ${total} for your order ${orderId}.`,
    }
  },
  cancellation: ({ orderId, lines, currency, reason, refund }) => {
    const said = `Your order ${orderId} is cancelled: ${why[reason]}.`
    return {
      subject: `Order ${orderId} is cancelled`,
      paragraphs: [
        said,
        refund === 'none'
          ? 'If your card was charged, you get the money back.'
          : 'What you have paid is on its way back to you.',
      ],
      lines: lines.map((line) => describe(line, currency)),
      inShort: said,
    }
  },
  refund: ({ orderId, totalMinor, currency }) => {
    const said = `We gave back ${moneyIn(currency)(totalMinor)} for your order ${orderId}.`
    return { subject: `Refund for order ${orderId}`, paragraphs: [said], inShort: said }
  },
  password_reset: ({ code, expiresAt }) => ({
    subject: 'A new password',
    paragraphs: [
      'Somebody, you we hope, wants a new password for your account. This code is good for it, once:',
      code,
      `It is good until ${timeOf(expiresAt)}. If it was not you, do nothing: your password stays what it is.`,
    ],
  }),
}

const describe = ({ name, productId, quantity, unitPriceMinor }: KnownLine, currency: string): Line => ({
  what: `${quantity} × ${name ?? productId}`,
  amount: unitPriceMinor === undefined ? undefined : moneyIn(currency)(quantity * unitPriceMinor),
})
