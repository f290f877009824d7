/** Every participant, in the order they are started and shown. The name is also queue prefix and broker user. */
export const SERVICES = {
  'product-service': { port: 8081 },
  'cart-service': { port: 8082 },
  'order-service': { port: 8083 },
  'auth-service': { port: 8084 },
  'logger-service': { port: 8085 },
  'payment-service': { port: 8086 },
  'mailer-service': { port: 8087 },
} as const

export type ServiceName = keyof typeof SERVICES

export const serviceNames = Object.keys(SERVICES) as ServiceName[]

/** The database of a service: `order-service` owns `order_service`. */
export const databaseOf = (service: ServiceName): string => service.replaceAll('-', '_')
