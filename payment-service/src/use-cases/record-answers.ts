import type { Cause, Emission, Id, NewId, Traceparent, Tx } from '@order-saga/common'
import type { PaymentRepository } from '../db/payment-repository'
import { putOffCalls, type Unanswered } from '../db/provider-calls'
import { type CallKind, callOf, type ProviderAnswer, recordAnswer } from '../domain'

export interface Answered {
  readonly orderId: Id
  readonly call: CallKind
  readonly answer: ProviderAnswer
  /** Of the call. */
  readonly traceparent?: Traceparent | undefined
}

/** What went against the protocol and needs a person. */
export interface Oddity {
  readonly orderId: Id
  readonly reason: string
}

/** Records whatever answers are there: one transaction, folded in the order in which they came. */
export async function recordAnswers(
  tx: Tx,
  payments: PaymentRepository,
  answers: readonly Answered[],
  newId: NewId,
): Promise<Oddity[]> {
  const book = await payments.lock(tx, [...new Set(answers.map(({ orderId }) => orderId))])
  tx.concerns('recordAnswers', ...answers.map(({ call }) => call))
  const oddities: Oddity[] = []
  const emissions: [Emission, Cause][] = []
  const putOff: Unanswered[] = []
  for (const { orderId, call, answer, traceparent } of answers) {
    const payment = book.find(orderId)
    if (!payment) continue
    if (answer.kind === 'unknown' || answer.kind === 'forgotten') {
      // of a call that meanwhile was answered otherwise nothing is left to learn
      if (callOf(payment) !== call) continue
      putOff.push({ orderId, why: answer.kind === 'unknown' ? answer.why : answer.kind })
    }
    const outcome = book.decide(orderId, book.causeOf(orderId), () => recordAnswer(payment, answer, newId))
    if (outcome.kind === 'alarm') oddities.push({ orderId, reason: outcome.reason })
    if (outcome.kind !== 'changed') continue
    for (const emission of outcome.emits)
      emissions.push([emission, traceparent ? { ...book.causeOf(orderId), traceparent } : book.causeOf(orderId)])
    if (outcome.state.attention) oddities.push({ orderId, reason: outcome.state.attention })
  }
  await payments.close(tx, book, 'provider')
  for (const [emission, cause] of emissions) tx.tell(emission, cause)
  await putOffCalls(tx, putOff)
  return oddities
}
