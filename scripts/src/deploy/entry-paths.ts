import type { ServiceName } from '@order-saga/common'
import { participants } from '../participants'

/** The one entry: which paths lead to a service, with all below them. */
export const entryPathsOf = (service: ServiceName): readonly string[] =>
  participants.find((one) => one.service === service)?.entryPaths ?? []

/** What one service answers below another's path. Asked first. */
export const entryPatterns: readonly { readonly pattern: string; readonly service: ServiceName }[] = [
  { pattern: '^/orders/[^/]+/journey$', service: 'logger-service' },
]
