import type { Contract } from './define-event'
import * as inventory from './inventory-events'
import * as order from './order-events'
import * as payment from './payment-events'
import * as product from './product-events'
import type { ServiceName } from './services'
import * as user from './user-events'

// the order of a module's exports is not the same under every compiler
const contractsIn = (file: Readonly<Record<string, unknown>>): Contract[] =>
  Object.values(file)
    .filter((value): value is Contract => typeof value === 'object' && value !== null)
    .sort((a, b) => (a.type < b.type ? -1 : 1))

/** Every contract there is: read by topology, journal, docs and the contract test. */
export const catalogue: readonly Contract[] = [order, inventory, payment, product, user].flatMap(contractsIn)

const byType = new Map<string, Contract[]>()
for (const contract of catalogue) byType.set(contract.type, [...(byType.get(contract.type) ?? []), contract])

/** All versions of an event type; empty when nobody ever declared it. */
export const contractsOf = (type: string): readonly Contract[] => byType.get(type) ?? []

export const publishedBy = (service: ServiceName): Contract[] =>
  catalogue.filter((contract) => contract.publisher === service)
