import { catalogue, type Failpoint, failpoints, type ServiceName } from '@order-saga/common'
import { participants } from '@order-saga/scripts/participants'
import type { Doom } from './crash'
import type { StoryName } from './stories'

export interface CrashCase extends Doom {
  readonly story: StoryName
}

/** In which story an event is told, and handled by everybody it concerns. */
const storyOf: Readonly<Record<string, StoryName>> = {
  'order.created': 'fromCart',
  'order.paid': 'paid',
  'order.cancelled': 'changeOfMind',
  'inventory.reserved': 'paid',
  'inventory.reservation.failed': 'outOfStock',
  'inventory.reservation.overdue': 'overdueStock',
  'inventory.released': 'declined',
  'payment.succeeded': 'paid',
  'payment.failed': 'declined',
  'payment.refunded': 'changeOfMind',
  'payment.overdue': 'overdueMoney',
  'product.created': 'catalogueChanges',
  'product.updated': 'catalogueChanges',
  'product.deleted': 'catalogueChanges',
  'product.low_stock': 'paid',
  'product.back_in_stock': 'catalogueChanges',
  'user.registered': 'registered',
  'user.updated': 'announced',
  'user.deactivated': 'accountCloses',
  'user.reactivated': 'accountCloses',
  'user.deleted': 'accountCloses',
  'user.password_reset_requested': 'passwordForgotten',
  'account.audited': 'registered',
}

// nearly everything happens when an order is paid: where it does not, the case says that nobody came by
const storyWith = (type: string): StoryName => storyOf[type] ?? 'paid'

const commit = ['transaction.before_commit', 'transaction.commit_sent', 'transaction.committed'] as const
const handling = ['delivery.received', ...commit, 'delivery.before_ack', 'delivery.acked'] as const
const publishing = ['relay.before_publish', 'relay.published', 'relay.confirmed', 'relay.unmarked'] as const

const each = (service: ServiceName, points: readonly Failpoint[], name: string, story: StoryName): CrashCase[] =>
  points.map((point) => ({ service, point, name, story }))

/** Every moment of handling, with every line of the service's saga table. */
function handlers(service: ServiceName): CrashCase[] {
  const reacts = participants.find((one) => one.service === service)?.reacts ?? []
  // one function handles everything there: every moment several times, every event once
  if (service === 'logger-service')
    return reacts.flatMap((type, n) => each(service, handling, type, storyWith(type)).slice(n % 6, (n % 6) + 1))
  return reacts.flatMap((type) => each(service, handling, type, storyWith(type)))
}

/** Every moment of publishing, with every event the service tells. */
const relays = (service: ServiceName): CrashCase[] =>
  catalogue
    .filter(({ publisher }) => publisher === service)
    .flatMap(({ type }) => each(service, publishing, type, storyWith(type)))

/** What a service does on somebody's request or on its own account: use cases, timers, the world outside. */
const others: Readonly<Partial<Record<ServiceName, readonly CrashCase[]>>> = {
  'order-service': [
    ...each('order-service', commit, 'placeOrder', 'paid'),
    ...each('order-service', ['order.before_answer'], 'placeOrder', 'paid'),
    ...each('order-service', commit, 'requestCancellation', 'changeOfMind'),
    ...each('order-service', commit, 'deadlines', 'pastDeadline'),
    ...each('order-service', commit, 'refunds due', 'forgottenRefund'),
    ...each('order-service', commit, 'parked events', 'parked'),
    ...each('order-service', publishing, 'order.paid', 'toldAgain'),
  ],
  'product-service': [
    ...each('product-service', commit, 'overdue reservations', 'overdueStock'),
    ...each('product-service', commit, 'createProduct', 'catalogueChanges'),
    ...each('product-service', commit, 'updateProduct', 'catalogueChanges'),
    ...each('product-service', commit, 'addStock', 'catalogueChanges'),
    ...each('product-service', commit, 'deleteProduct', 'catalogueChanges'),
  ],
  'payment-service': [
    ...each('payment-service', ['provider.before_call', 'provider.answered'], 'charge', 'paid'),
    ...each('payment-service', ['provider.before_call', 'provider.answered'], 'refund', 'changeOfMind'),
    ...each('payment-service', ['provider.executed'], '/v1/charges', 'paid'),
    ...each('payment-service', ['provider.executed'], '/v1/refunds', 'changeOfMind'),
    ...each('payment-service', commit, 'charge', 'paid'),
    ...each('payment-service', commit, 'refund', 'changeOfMind'),
    ...each('payment-service', commit, 'refundPayment', 'refundByHand'),
    ...each('payment-service', commit, 'provider calls', 'deferred'),
    ...each('payment-service', commit, 'overdue payments', 'overdueMoney'),
  ],
  'mailer-service': [
    ...each('mailer-service', ['mail.before_send', 'mail.accepted'], 'welcome', 'registered'),
    ...each('mailer-service', ['mail.before_send', 'mail.accepted'], 'password_reset', 'passwordForgotten'),
    ...each('mailer-service', ['mail.before_send', 'mail.accepted'], 'receipt', 'paid'),
    ...each('mailer-service', ['mail.before_send', 'mail.accepted'], 'cancellation', 'changeOfMind'),
    ...each('mailer-service', ['mail.before_send', 'mail.accepted'], 'refund', 'changeOfMind'),
  ],
  'cart-service': [
    ...each('cart-service', commit, 'editCart', 'fromCart'),
    ...each('cart-service', commit, 'mergeCarts', 'guestLogsIn'),
  ],
  'auth-service': each('auth-service', commit, 'openAccount', 'registered'),
}

export const casesOf = (service: ServiceName): CrashCase[] => [
  ...handlers(service),
  ...relays(service),
  ...(others[service] ?? []),
]

/** Every point once and every story once. Who starts up or migrates dies elsewhere. */
export function oneOfEach(services: readonly ServiceName[]): CrashCase[] {
  const all = services.flatMap(casesOf)
  const chosen: CrashCase[] = []
  const isTold = ({ story }: CrashCase) => chosen.some((one) => one.story === story)
  for (const point of Object.keys(failpoints)) {
    const candidates = all.filter((one) => one.point === point)
    const one = candidates.find((candidate) => !isTold(candidate)) ?? candidates[0]
    if (one) chosen.push(one)
  }
  for (const one of all) if (!isTold(one)) chosen.push(one)
  return chosen
}
