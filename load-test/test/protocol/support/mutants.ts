import {
  type Decision,
  type Emission,
  type Envelope,
  ignored,
  type NewId,
  on,
  orderCancelled,
  paymentFailed,
  paymentSucceeded,
  type SagaStep,
} from '@order-saga/common'
import { type Reservation, release } from '../../../../product-service/src/domain/reservation'
import { sellStock } from '../../../../product-service/src/use-cases/sell-stock'
import { type Books, type Service, type Shop, shipped } from './shop'

/** The shipped shop with one rule broken. */

export function doubleRelease(): Shop {
  const releaseAgain: Wrap<'product'> = (decide) => (book, event, newId) => {
    const { reservations } = book
    const released = reservations.find(event.subject)
    if (released?.state === 'released' && released.lines)
      reservations.put(event.subject, { ...released, state: 'reserved' } as Reservation)
    return decide(book, event, newId)
  }
  return withStep(withStep(shipped, 'product', orderCancelled, releaseAgain), 'product', paymentFailed, releaseAgain)
}

export const paidAfterCancel = (): Shop =>
  withStep(shipped, 'order', paymentSucceeded, (decide) => (book, event, newId) => {
    const order = book.find(event.subject)
    if (order?.status === 'cancelled') book.put(order.id, { ...order, status: 'pending' })
    return decide(book, event, newId)
  })

export const noRefund = (): Shop =>
  withStep(shipped, 'payment', orderCancelled, (decide) => (book, event, newId) => {
    const isCaptured = book.find(event.subject)?.state === 'captured'
    return isCaptured ? ignored('mutant') : decide(book, event, newId)
  })

export const timeoutIsFailure = (): Shop => ({
  ...shipped,
  askProvider: async (provider, call) => {
    const answer = await shipped.askProvider(provider, call)
    return answer.kind === 'unknown' ? { kind: 'declined', reason: 'declined' } : answer
  },
})

export const newKeyOnRetry = (): Shop => ({
  ...shipped,
  askProvider: (provider, call) =>
    shipped.askProvider(provider, call.isRepeated ? { ...call, key: `${call.key} again` } : call),
})

export const releaseOnATimer = (): Shop => ({
  ...shipped,
  askAboutStock: (holding, newId) =>
    holding.reservation.state === 'reserved' ? release(holding, undefined, newId) : ignored('mutant'),
})

export const sellOnPaymentSucceeded = (): Shop => {
  const tooEarly = on(paymentSucceeded, sellStock as never) as SagaStep<Books['product']>
  return { ...shipped, steps: { ...shipped.steps, product: [...shipped.steps.product, tooEarly] } }
}

/** Not a mutant: repeats and questions back up tombstones, so these are looked at without them. */
export const withoutRepeatsAndQuestions = (shop: Shop): Shop => ({
  ...withEmissions(shop, (emits) => emits.filter(({ repeats }) => repeats === undefined)),
  ...noQuestions,
})

export function noTombstone(service: 'product' | 'payment'): Shop {
  const forget: Wrap<Service> = (decide) => (book, event, newId) => {
    const known =
      'reservations' in book ? book.reservations.find(event.subject) : (book as Books['payment']).find(event.subject)
    return known?.state === 'absent' ? ignored('mutant') : decide(book, event, newId)
  }
  const shop = withStep(shipped, service, orderCancelled, forget)
  return withoutRepeatsAndQuestions(service === 'product' ? withStep(shop, service, paymentFailed, forget) : shop)
}

const noQuestions = { askAboutStock: () => ignored('mutant'), askAboutMoney: () => ignored('mutant') }

export const noOverdueQuestion = (): Shop => ({ ...shipped, ...noQuestions })

export const refundMovesBack = (): Shop =>
  withStep(shipped, 'order', paymentSucceeded, (decide) => (book, event, newId) => {
    const order = book.find(event.subject)
    if (order?.refund === 'done') book.put(order.id, { ...order, refund: 'none' })
    return decide(book, event, newId)
  })

export const repeatWithTheSameId = (): Shop =>
  withEmissions(shipped, (emits) => emits.map((emission) => ({ ...emission, id: emission.repeats ?? emission.id })))

export const paidWithoutLines = (): Shop =>
  withStep(shipped, 'order', paymentSucceeded, (decide) => (book, event, newId) => {
    const order = book.find(event.subject)
    const known = { lines: order?.lines, totalMinor: order?.totalMinor }
    return decide(book, { ...event, data: { ...(event.data as object), ...known } }, newId)
  })

type Decide<S extends Service> = (book: Books[S], event: Envelope, newId: NewId) => Decision
type Wrap<S extends Service> = (decide: Decide<S>) => Decide<S>

/** Wraps the step with which a service reacts to one kind of event. */
function withStep<S extends Service>(shop: Shop, service: S, { type }: { type: string }, wrap: Wrap<S>): Shop {
  const steps = (shop.steps[service] as readonly SagaStep<Books[S]>[]).map((step) => {
    const decide: Decide<S> = (book, event, newId) => step.decide(book, event, newId)
    return step.contract.type === type ? { ...step, decide: wrap(decide) } : step
  })
  return { ...shop, steps: { ...shop.steps, [service]: steps } }
}

type Emissions = readonly Emission[]

/** Changes what is told by every reaction, and by the sweep that tells verdicts again. */
function withEmissions(shop: Shop, change: (emits: Emissions) => Emissions): Shop {
  const changed = <S>(decision: Decision<S>): Decision<S> =>
    'emits' in decision ? { ...decision, emits: change(decision.emits) } : decision
  const all = <B>(steps: readonly SagaStep<B>[]): SagaStep<B>[] =>
    steps.map((step) => ({ ...step, decide: (book, event, newId) => changed(step.decide(book, event, newId)) }))
  const { order, product, payment, mailer } = shop.steps
  return {
    ...shop,
    steps: { order: all(order), product: all(product), payment: all(payment), mailer: all(mailer) },
    sweepRefund: (state, newId) => changed(shop.sweepRefund(state, newId)),
  }
}
