import type { CancelReason, KnownLine } from '@order-saga/common'
import type { Facts, Kind, Mail } from './mail'
import { moneyIn } from './money'

interface Letter {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly lines?: readonly string[]
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

const letters: { [K in Kind]: (facts: Facts[K]) => Letter } = {
  welcome: () => ({ subject: 'Welcome', paragraphs: ['Your account is open. Happy shopping!'] }),
  receipt: ({ orderId, lines, totalMinor, currency }) => ({
    subject: `Receipt for order ${orderId}`,
    paragraphs: [`Thank you. We received ${moneyIn(currency)(totalMinor)} for your order ${orderId}.`],
    lines: [...lines.map((line) => describe(line, currency)), `Total: ${moneyIn(currency)(totalMinor)}`],
  }),
  cancellation: ({ orderId, lines, currency, reason, refund }) => ({
    subject: `Order ${orderId} is cancelled`,
    paragraphs: [
      `Your order ${orderId} is cancelled: ${why[reason]}.`,
      refund === 'none'
        ? 'If your card was charged, you get the money back.'
        : 'What you have paid is on its way back to you.',
    ],
    lines: lines.map((line) => describe(line, currency)),
  }),
  refund: ({ orderId, totalMinor, currency }) => ({
    subject: `Refund for order ${orderId}`,
    paragraphs: [`We gave back ${moneyIn(currency)(totalMinor)} for your order ${orderId}.`],
  }),
  password_reset: ({ code, expiresAt }) => ({
    subject: 'A new password',
    paragraphs: [
      'Somebody, you we hope, wants a new password for your account. This code is good for it, once:',
      code,
      `It is good until ${expiresAt.slice(11, 16)} UTC. If it was not you, do nothing: your password stays what it is.`,
    ],
  }),
}

function describe({ name, productId, quantity, unitPriceMinor }: KnownLine, currency: string): string {
  const price = unitPriceMinor === undefined ? '' : `: ${moneyIn(currency)(quantity * unitPriceMinor)}`
  return `${quantity} × ${name ?? productId}${price}`
}

// overrides, embeddings, isolates, and spaces without width: they can make a price read as another
const DECEPTIVE = /[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
const numberOf = (character: string) => `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`

const oneLine = (text: string) =>
  text
    .replace(DECEPTIVE, numberOf)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const html = (text: string) => oneLine(text).replace(/[&<>"']/g, (character) => escapes[character] ?? '')

export interface Composed {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Names of people and products come from outside: only the body shows them, on one line, escaped in its HTML. */
export function compose<K extends Kind>({ kind, facts }: Pick<Mail<K>, 'kind' | 'facts'>, name: string): Composed {
  const { subject, paragraphs, lines = [] } = letters[kind](facts)
  const all = [`Hello ${name},`, ...paragraphs]
  const list = lines.length > 0 ? [lines.map((line) => `  ${oneLine(line)}`).join('\n')] : []
  const items = lines.map((line) => `<li>${html(line)}</li>`).join('')
  return {
    subject: oneLine(subject),
    text: `${[...all.map(oneLine), ...list].join('\n\n')}\n`,
    html: `${all.map((paragraph) => `<p>${html(paragraph)}</p>`).join('\n')}${items && `\n<ul>${items}</ul>`}\n`,
  }
}
