import type { Contract, Decision, Emission, Envelope, NewId, SagaStep, WorkingSet } from '@order-saga/common'
import type { Book as MailBook } from '../../../../mailer-service/src/db/book'
import { steps as mailerSteps } from '../../../../mailer-service/src/saga'
import { cancelRequested, deadlinePassed, type Order, refundOverdue } from '../../../../order-service/src/domain/order'
import { steps as orderSteps } from '../../../../order-service/src/saga'
import {
  askForVerdict,
  type Payment,
  type ProviderAnswer,
  recordAnswer,
  refundByHand,
} from '../../../../payment-service/src/domain'
import { askProvider } from '../../../../payment-service/src/provider/ask-provider'
import type { Call } from '../../../../payment-service/src/provider/call'
import type { Provider } from '../../../../payment-service/src/provider/provider'
import { steps as paymentSteps } from '../../../../payment-service/src/saga'
import { askWhatBecame, type Holding } from '../../../../product-service/src/domain/reservation'
import type { ReservationBook } from '../../../../product-service/src/domain/reservation-book'
import { steps as productSteps } from '../../../../product-service/src/saga'

export interface Books {
  readonly order: WorkingSet<Order>
  readonly product: ReservationBook
  readonly payment: WorkingSet<Payment>
  readonly mailer: MailBook
}
export type Service = keyof Books
export const services = ['order', 'product', 'payment', 'mailer'] as const satisfies readonly Service[]

type Timer<S> = (state: S, newId: NewId) => Decision<S>

/**
 * Every decision of the saga, exactly as it is shipped, in one value: what is explored is what runs, and a mutant is
 * a shop with one of them replaced.
 */
export interface Shop {
  readonly steps: { readonly [S in Service]: readonly SagaStep<Books[S]>[] }
  /** The customer's wish. */
  readonly cancel: Timer<Order>
  readonly passDeadline: Timer<Order>
  readonly sweepRefund: Timer<Order>
  readonly askAboutStock: Timer<Holding>
  readonly askAboutMoney: Timer<Payment>
  /** The administrator's wish. */
  readonly refundByHand: Timer<Payment>
  readonly recordAnswer: (payment: Payment, answer: ProviderAnswer, newId: NewId) => Decision<Payment>
  readonly askProvider: (provider: Provider, call: Call) => Promise<ProviderAnswer>
}

export const shipped: Shop = {
  steps: { order: orderSteps, product: productSteps, payment: paymentSteps, mailer: mailerSteps },
  cancel: cancelRequested,
  passDeadline: deadlinePassed,
  sweepRefund: refundOverdue,
  askAboutStock: (holding, newId) => askWhatBecame(holding, undefined, newId) as Decision<Holding>,
  askAboutMoney: (payment, newId) => askForVerdict(payment, undefined, newId),
  refundByHand: (payment, newId) => refundByHand(payment, { reason: 'arrived broken' }, newId),
  recordAnswer,
  askProvider,
}

export type StepsOf<S extends Service> = ReadonlyMap<string, SagaStep<Books[S]>>
export type Subscriptions = { readonly [S in Service]: StepsOf<S> }

/** Who reacts to what: event type → step, for every service. */
export function subscriptionsOf({ steps }: Shop): Subscriptions {
  const byType = <B>(own: readonly SagaStep<B>[]) => new Map(own.map((step) => [step.contract.type, step]))
  return {
    order: byType(steps.order),
    product: byType(steps.product),
    payment: byType(steps.payment),
    mailer: byType(steps.mailer),
  }
}

/** The event that a decision's emission becomes on the wire. */
export const envelopeOf = ({ id, contract, data, repeats }: Emission): Envelope => ({
  specversion: '1.0',
  id,
  source: contract.publisher,
  type: contract.type,
  subject: (data as { orderId: string }).orderId,
  time: '2026-01-01T12:00:00.000Z',
  dataschema: contract.dataschema,
  correlationid: '01976f3e-8c00-7000-8000-0000000000cc',
  data,
  ...(repeats !== undefined && { repeats }),
})

export const isValid = (contract: Contract, data: unknown): boolean => contract.validator.Check(data)
