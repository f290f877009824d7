import { callOf, type Payment } from './payment'

/** What the provider says unasked. It is a hint and never the truth: what became of the money only an answer tells. */
export interface Webhook {
  /** The provider's own: a repeat has the same. */
  readonly id: string
  /** What we gave the provider as reference: an order id, if it is ours. */
  readonly reference: string
  readonly amountMinor: number
  readonly currency: string
}

export type Hint = 'unknown_payment' | 'amount_differs' | 'nothing_open' | 'asks_again'

/** Whether it is a reason to ask the provider at once instead of later. */
export function judgeWebhook(payment: Pick<Payment, 'state' | 'order'> | undefined, webhook: Webhook): Hint {
  if (!payment?.order) return 'unknown_payment'
  const { totalMinor, currency } = payment.order
  if (webhook.amountMinor !== totalMinor || webhook.currency !== currency) return 'amount_differs'
  return callOf(payment) === undefined ? 'nothing_open' : 'asks_again'
}
