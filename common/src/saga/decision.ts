import type { Contract, DataOf, NewId } from '../contracts/vocabulary'
import type { Id } from '../schemas'

/** An event a decision wants to have told. It exists only once the transaction that stores the state commits. */
export interface Emission {
  readonly id: Id
  readonly contract: Contract
  readonly data: unknown
  readonly repeats?: Id | undefined
}

/**
 * What a pure decision `(state, input)` answers. `state` replaces the old one; whoever writes it checks the old
 * one is still there. `parked` is tried again later, `alarm` as well and also tells a person: it cannot happen
 * while the protocol holds.
 */
export type Decision<S = unknown> =
  | { readonly kind: 'changed'; readonly state: S; readonly emits: readonly Emission[] }
  | { readonly kind: 'repeated'; readonly emits: readonly Emission[] }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'parked'; readonly reason: string }
  | { readonly kind: 'alarm'; readonly reason: string }

export const changed = <S>(state: S, ...emits: Emission[]): Decision<S> => ({ kind: 'changed', state, emits })

export const repeated = (...emits: Emission[]): Decision<never> => ({ kind: 'repeated', emits })

export const ignored = (reason: string): Decision<never> => ({ kind: 'ignored', reason })

export const parked = (reason: string): Decision<never> => ({ kind: 'parked', reason })

export const alarm = (reason: string): Decision<never> => ({ kind: 'alarm', reason })

/** First telling of a fact. */
export const tell = <C extends Contract>(contract: C, data: DataOf<C>, id: Id): Emission => ({ id, contract, data })

/**
 * Tells a fact again as a new event. It must not reuse the first id: the asker's inbox has seen that one
 * and would drop the answer.
 */
export const tellAgain = <C extends Contract>(contract: C, data: DataOf<C>, first: Id, newId: NewId): Emission => ({
  id: newId(),
  contract,
  data,
  repeats: first,
})
