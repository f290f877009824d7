import {
  alarm,
  changed,
  type Decision,
  ignored,
  type NewId,
  type PaymentFailure,
  paymentFailed,
  paymentRefunded,
  paymentSucceeded,
  tell,
} from '@order-saga/common'
import type { OrderFacts, Payment } from './payment'

/** What a call to the provider taught us. */
export type ProviderAnswer =
  | { readonly kind: 'succeeded'; readonly chargeId: string }
  | { readonly kind: 'declined'; readonly reason: PaymentFailure }
  | { readonly kind: 'refunded' }
  /** It may have happened or not: ask again under the same key. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** The key is too old to be known and no charge or refund is on record: only a person may decide. */
  | { readonly kind: 'forgotten' }

/** The only way a payment learns that money moved, or will not. */
export function recordAnswer(payment: Payment, answer: ProviderAnswer, newId: NewId): Decision<Payment> {
  const { order } = payment
  if (!order) return answer.kind === 'succeeded' ? alarm('captured_without_order') : ignored('never_called')
  switch (answer.kind) {
    case 'succeeded':
      return captured(payment, order, answer.chargeId, newId)
    case 'declined':
      return payment.state === 'charging' ? declined(payment, order, answer.reason, newId) : late(payment)
    case 'refunded':
      return payment.state === 'refunding' ? refunded(payment, order, newId) : late(payment)
    case 'unknown':
      return ignored('outcome_unknown')
    case 'forgotten':
      return forgotten(payment)
  }
}

const late = ({ state }: Payment): Decision<Payment> => ignored(`already_${state}`)

function captured(payment: Payment, order: OrderFacts, chargeId: string, newId: NewId): Decision<Payment> {
  const giveBack = { ...payment, state: 'refunding', chargeId, paymentToken: null, refundBy: 'cancellation' } as const
  switch (payment.state) {
    case 'charging': {
      if (payment.cancel) return changed({ ...giveBack, attention: null })
      const answerId = newId()
      const next = { ...payment, state: 'captured', chargeId, paymentToken: null, answerId, attention: null } as const
      return changed(next, tell(paymentSucceeded, order, answerId))
    }
    case 'failed':
    case 'voided':
      // cannot happen while the provider keeps its word; the customer gets the money back all the same
      return changed({ ...giveBack, attention: 'captured_after_verdict' })
    default:
      return late(payment)
  }
}

function declined(payment: Payment, order: OrderFacts, reason: PaymentFailure, newId: NewId): Decision<Payment> {
  const over = { ...payment, paymentToken: null, reason, attention: null } as const
  if (payment.cancel) return changed({ ...over, state: 'voided' })
  const answerId = newId()
  return changed({ ...over, state: 'failed', answerId }, tell(paymentFailed, { ...order, reason }, answerId))
}

function refunded(payment: Payment, order: OrderFacts, newId: NewId): Decision<Payment> {
  const refundAnswerId = newId()
  const next = { ...payment, state: 'refunded', refundAnswerId, attention: null } as const
  return changed(next, tell(paymentRefunded, order, refundAnswerId))
}

function forgotten(payment: Payment): Decision<Payment> {
  if (payment.state !== 'charging' && payment.state !== 'refunding') return late(payment)
  if (payment.attention) return ignored('needs_attention')
  return changed({ ...payment, attention: 'outcome_unknown' })
}
