import type { ServiceName } from '../contracts/services'

export const EVENTS_EXCHANGE = 'shop.events'
export const LOGS_EXCHANGE = 'shop.logs'
export const DEAD_EXCHANGE = 'shop.dead'

export const eventsQueue = (service: ServiceName): string => `${service}.events`

/** Holds only what the broker itself dead-letters; the service consumes it into its own `dead_letters`. */
export const deadQueue = (service: ServiceName): string => `${service}.dead`
