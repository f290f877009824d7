import type { Contract, DataOf, EventOf } from '../contracts/vocabulary'
import { newId } from '../ids'
import { outgoing } from '../outbox/outgoing'
import { tell } from '../saga/decision'
import type { Id } from '../schemas'

interface Circumstances {
  readonly correlationId?: Id
  readonly causationId?: Id | undefined
  readonly repeats?: Id | undefined
}

/** An event as its publisher would tell it, always as a new one. Throws when the data breaks the contract. */
export function eventOf<C extends Contract>(contract: C, data: DataOf<C>, about: Circumstances = {}): EventOf<C> {
  const { repeats, ...cause } = about
  const emission = { ...tell(contract, data, newId()), repeats }
  return JSON.parse(outgoing(contract.publisher, emission, { correlationId: newId(), ...cause }).json)
}

/** The same about the contract's own example, changed where it matters. */
export const exampleEvent = <C extends Contract>(contract: C, changes: Partial<DataOf<C>> = {}): EventOf<C> =>
  eventOf(contract, { ...contract.example, ...changes } as DataOf<C>)
