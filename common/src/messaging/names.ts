import type { ServiceName } from '../contracts/services'

export const EVENTS_EXCHANGE = 'shop.events'
export const LOGS_EXCHANGE = 'shop.logs'
export const DEAD_EXCHANGE = 'shop.dead'

/** Log lines of all services; only its owner may read it. */
export const logsQueue = (service: ServiceName): string => `${service}.logs`

/** Whoever looks at queues and consumers over the management HTTP API, and may do nothing else. */
export const MONITORING_USER = 'monitoring'

export const eventsQueue = (service: ServiceName): string => `${service}.events`

/** Holds only what the broker itself dead-letters; the service consumes it into its own `dead_letters`. */
export const deadQueue = (service: ServiceName): string => `${service}.dead`
