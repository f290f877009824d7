// Written down a second time on purpose: where this differs from contracts, saga tables or migrations, one of the two
// is wrong, and a test says so. Derived from them it would agree with any mistake.

export const services = [
  'product-service',
  'cart-service',
  'order-service',
  'auth-service',
  'logger-service',
  'payment-service',
  'mailer-service',
] as const
export type ServiceName = (typeof services)[number]

interface Event {
  readonly by: ServiceName
  readonly heardBy: readonly ServiceName[]
  readonly isPersonal?: true
}

export const events: Readonly<Record<string, Event>> = {
  'order.created': { by: 'order-service', heardBy: ['product-service', 'cart-service'] },
  'order.paid': { by: 'order-service', heardBy: ['product-service', 'payment-service', 'mailer-service'] },
  'order.cancelled': {
    by: 'order-service',
    heardBy: ['product-service', 'cart-service', 'payment-service', 'mailer-service'],
  },
  'inventory.reserved': { by: 'product-service', heardBy: ['order-service', 'payment-service'] },
  'inventory.reservation.failed': { by: 'product-service', heardBy: ['order-service'] },
  'inventory.reservation.overdue': { by: 'product-service', heardBy: ['order-service'] },
  'inventory.released': { by: 'product-service', heardBy: [] },
  'payment.succeeded': { by: 'payment-service', heardBy: ['order-service'] },
  'payment.failed': { by: 'payment-service', heardBy: ['product-service', 'order-service'] },
  'payment.refunded': { by: 'payment-service', heardBy: ['order-service', 'mailer-service'] },
  'payment.overdue': { by: 'payment-service', heardBy: ['order-service'] },
  'product.created': { by: 'product-service', heardBy: ['cart-service'] },
  'product.updated': { by: 'product-service', heardBy: ['cart-service'] },
  'product.deleted': { by: 'product-service', heardBy: ['cart-service'] },
  'product.low_stock': { by: 'product-service', heardBy: [] },
  'user.registered': { by: 'auth-service', heardBy: ['mailer-service'], isPersonal: true },
  'user.password_reset_requested': { by: 'auth-service', heardBy: ['mailer-service'], isPersonal: true },
  'user.deactivated': { by: 'auth-service', heardBy: [], isPersonal: true },
  'user.reactivated': { by: 'auth-service', heardBy: [] },
  'user.deleted': { by: 'auth-service', heardBy: ['mailer-service'] },
  'account.audited': { by: 'auth-service', heardBy: [] },
  'user.updated': { by: 'auth-service', heardBy: ['mailer-service'], isPersonal: true },
}

export const journalist: ServiceName = 'logger-service'
export const publishers: readonly ServiceName[] = [
  'order-service',
  'product-service',
  'payment-service',
  'auth-service',
]

export const heardBy = (type: string): readonly ServiceName[] => [journalist, ...(events[type]?.heardBy ?? [])]

/** Days that are kept at least. */
export const kept = { inbox: 30, outbox: 7, personalOutbox: 1, journal: 90 }

export const binding = (source: string, queue: string, key: string): string => `${source} → ${queue} on ${key}`

/** Every binding the vhost must have, and none beside. */
export const expectedBindings = (): Set<string> =>
  new Set([
    ...services.map((service) => binding('shop.dead', `${service}.dead`, service)),
    binding('shop.events', `${journalist}.events`, '#'),
    ...Object.entries(events).flatMap(([type, event]) =>
      event.heardBy.map((service) => binding('shop.events', `${service}.events`, type)),
    ),
  ])

const quorum = { 'x-queue-type': 'quorum' }

/** Every queue with the arguments it must have. auth-service hears nothing, and has queues all the same. */
export const expectedQueues = (): Map<string, Readonly<Record<string, string | number>>> =>
  new Map(
    services.flatMap((service) => [
      [
        `${service}.events`,
        {
          ...quorum,
          'x-delivery-limit': 20,
          'x-dead-letter-exchange': 'shop.dead',
          'x-dead-letter-routing-key': service,
          'x-dead-letter-strategy': 'at-least-once',
          'x-overflow': 'reject-publish',
        },
      ],
      [`${service}.dead`, { ...quorum, 'x-delivery-limit': 1_000_000 }],
    ]),
  )
