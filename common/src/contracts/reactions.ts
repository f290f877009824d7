// Written by `npm run docs` from the saga tables of all services: change those instead.
import type { ServiceName } from './services'

export interface KnownReaction {
  readonly service: ServiceName
  readonly step: string
  readonly compensates?: string
}

/** Who reacts to an event type, and by which step. */
export const reactions: Readonly<Record<string, readonly KnownReaction[]>> = {
  'inventory.reservation.failed': [
    { service: 'order-service', step: 'cancelUnreservable' },
  ],
  'inventory.reservation.overdue': [
    { service: 'order-service', step: 'repeatVerdict' },
  ],
  'inventory.reserved': [
    { service: 'order-service', step: 'priceOrder' },
    { service: 'payment-service', step: 'chargeReservation' },
  ],
  'order.cancelled': [
    { service: 'product-service', step: 'releaseStock', compensates: 'reserveStock' },
    { service: 'cart-service', step: 'returnLines', compensates: 'takeLines' },
    { service: 'payment-service', step: 'giveBackOrRefuse', compensates: 'chargeReservation' },
    { service: 'mailer-service', step: 'explainCancellation' },
  ],
  'order.created': [
    { service: 'product-service', step: 'reserveStock' },
    { service: 'cart-service', step: 'takeLines' },
  ],
  'order.paid': [
    { service: 'product-service', step: 'sellStock' },
    { service: 'payment-service', step: 'settleOrder' },
    { service: 'mailer-service', step: 'sendReceipt' },
  ],
  'payment.failed': [
    { service: 'product-service', step: 'releaseStock', compensates: 'reserveStock' },
    { service: 'order-service', step: 'cancelAfterDecline' },
  ],
  'payment.overdue': [
    { service: 'order-service', step: 'repeatVerdict' },
  ],
  'payment.refunded': [
    { service: 'order-service', step: 'recordRefund' },
    { service: 'mailer-service', step: 'confirmRefund' },
  ],
  'payment.succeeded': [
    { service: 'order-service', step: 'confirmOrder' },
  ],
  'product.back_in_stock': [
    { service: 'cart-service', step: 'learnStock' },
  ],
  'product.created': [
    { service: 'cart-service', step: 'learnProduct' },
  ],
  'product.deleted': [
    { service: 'cart-service', step: 'forgetProduct' },
  ],
  'product.low_stock': [
    { service: 'cart-service', step: 'learnStock' },
  ],
  'product.updated': [
    { service: 'cart-service', step: 'learnProduct' },
  ],
  'user.deleted': [
    { service: 'mailer-service', step: 'forgetAddress' },
  ],
  'user.password_reset_requested': [
    { service: 'mailer-service', step: 'sendResetCode' },
  ],
  'user.registered': [
    { service: 'mailer-service', step: 'welcomeUser' },
  ],
  'user.updated': [
    { service: 'mailer-service', step: 'updateAddress' },
  ],
}
