import type { Contract } from './define-event'
import * as events from './events'
import type { ServiceName } from './services'

const isContract = (value: unknown): value is Contract => typeof value === 'object' && value !== null && 'type' in value

const byName = Object.values(events)
  .filter(isContract)
  .sort((a, b) => (a.type < b.type ? -1 : 1))
const isOfOrder = ({ subject }: Contract) => subject === 'orderId'

/** Every contract there is, those about an order first: read by topology, journal, docs and the contract test. */
export const catalogue: readonly Contract[] = [
  ...byName.filter(isOfOrder),
  ...byName.filter((contract) => !isOfOrder(contract)),
]

const byType = new Map<string, Contract[]>()
for (const contract of catalogue) byType.set(contract.type, [...(byType.get(contract.type) ?? []), contract])

/** All versions of an event type; empty when nobody ever declared it. */
export const contractsOf = (type: string): readonly Contract[] => byType.get(type) ?? []

export const publishedBy = (service: ServiceName): Contract[] =>
  catalogue.filter((contract) => contract.publisher === service)
