import type { LineKind, LineLevel, ServiceName } from '@order-saga/common'

// records, so that the compiler misses what joins the shop's vocabulary
const services: Readonly<Record<ServiceName, true>> = {
  'product-service': true,
  'cart-service': true,
  'order-service': true,
  'auth-service': true,
  'logger-service': true,
  'payment-service': true,
  'mailer-service': true,
}

const kinds: Readonly<Record<LineKind, true>> = {
  parked: true,
  recovered: true,
  dead: true,
  duplicate: true,
  redriven: true,
  discarded: true,
  alarm: true,
  mail: true,
}

const levels: Readonly<Record<LineLevel, true>> = { info: true, warn: true, error: true }

export const serviceNames = Object.keys(services)
export const lineKinds = Object.keys(kinds)
export const lineLevels = Object.keys(levels)
