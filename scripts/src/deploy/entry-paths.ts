import type { ServiceName } from '@order-saga/common'

/**
 * The one entry: which service answers which paths, with all below them ('/' alone stands for itself). What is not here is reached from inside only:
 * /livez, /readyz, /metrics, /docs, /announce and /admin/dead-letters are every service's own.
 */
const entryPaths: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  'product-service': ['/products', '/categories', '/inventory', '/low-stock', '/reservations', '/imports'],
  'cart-service': ['/cart', '/guest-cart', '/guest-carts'],
  'order-service': ['/orders', '/admin/orders'],
  'auth-service': [
    '/.well-known/jwks.json',
    '/login',
    '/logout',
    '/logout-everywhere',
    '/me',
    '/password-resets',
    '/refresh',
    '/register',
    '/signing-keys',
    '/users',
  ],
  'logger-service': [
    '/',
    '/audits',
    '/choreography',
    '/console',
    '/dead-letter-actions',
    '/dead-letters',
    '/events',
    '/health',
    '/journeys',
    '/logs',
    '/session',
    '/statistics',
  ],
  'payment-service': ['/payments', '/admin/payments', '/webhooks'],
  'mailer-service': ['/mails', '/admin/mails'],
}

export const entryPathsOf = (service: ServiceName): readonly string[] => entryPaths[service] ?? []

/** What one service answers below another's path. Asked first. */
export const entryPatterns: readonly { readonly pattern: string; readonly service: ServiceName }[] = [
  { pattern: '^/orders/[^/]+/journey$', service: 'logger-service' },
]
