import type { Decision, NewId } from '@order-saga/common'
import type { Service, Shop } from './shop'
import type { Scenario, States, World } from './world'

/** What a service does on its own account, or because a person wishes it. */
export interface Initiative {
  readonly what: string
  readonly service: Service
  /** Wishes are not: nobody can be counted on to cancel. */
  readonly isSure: boolean
  /** Waits until nothing is under way; to be earlier costs the budget for what happens once more. */
  readonly isPatient: boolean
  readonly decide: (state: never, newId: NewId) => Decision<States[Service]>
}

/** Time is not modelled: whatever waits for a time may happen at any time. */
export const initiativesOf = (shop: Shop, { mayRefundByHand = false }: Scenario): Initiative[] => [
  wish('the customer cancels', 'order', shop.cancel),
  { ...wish('the deadline passes', 'order', shop.passDeadline), isSure: true },
  sweep('the refund is swept', 'order', shop.sweepRefund),
  sweep('product-service asks', 'product', shop.askAboutStock),
  sweep('payment-service asks', 'payment', shop.askAboutMoney),
  ...(mayRefundByHand ? [wish('an administrator refunds', 'payment', shop.refundByHand)] : []),
]

const wish = (what: string, service: Service, decide: Initiative['decide']): Initiative => ({
  what,
  service,
  isSure: false,
  isPatient: false,
  decide,
})

const sweep = (what: string, service: Service, decide: Initiative['decide']): Initiative => ({
  ...wish(what, service, decide),
  isSure: true,
  isPatient: true,
})

/** Nothing is on its way to the service or from it. */
export const isQuietAt = (service: Service, { queue }: World): boolean =>
  queue.every(({ to, event }) => to !== service && event.source !== `${service}-service`)
