import type { ServiceName } from '@order-saga/common'

// a record, so that the compiler misses a service that joins the shop
const all: Readonly<Record<ServiceName, true>> = {
  'product-service': true,
  'cart-service': true,
  'order-service': true,
  'auth-service': true,
  'logger-service': true,
  'payment-service': true,
  'mailer-service': true,
}

export const serviceTitles = Object.keys(all)
