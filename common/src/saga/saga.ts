import type { Contract, Envelope, EventOf, NewId } from '../contracts/vocabulary'
import type { Tx } from '../db/tx'
import type { Decision } from './decision'

/**
 * One line of a service's saga table: what it decides on hearing an event. Pure: `book` is what the batch has
 * loaded and locked, the answer says what changed and what to tell.
 */
export interface SagaStep<Book> {
  readonly contract: Contract
  readonly name: string
  /** The earlier step this one undoes. */
  readonly compensates?: string | undefined
  /** Nobody waits for it: it may be gathered for a moment, to share a transaction. */
  readonly canWait: boolean
  decide(book: Book, event: Envelope, newId: NewId): Decision
}

export type Decide<Book, C extends Contract> = (book: Book, event: EventOf<C>, newId: NewId) => Decision

export const on = <Book, C extends Contract>(
  contract: C,
  decide: Decide<Book, C>,
  { compensates, canWait = false }: { compensates?: string; canWait?: boolean } = {},
): SagaStep<Book> => ({
  contract,
  name: decide.name,
  compensates,
  canWait,
  decide: decide as SagaStep<Book>['decide'],
})

/**
 * A service's part of the choreography. For every batch, in one transaction: `open` inserts what is missing and
 * locks all rows the batch may touch (sorted, once), the steps decide, `close` writes what changed and checks
 * that it replaced exactly what was locked.
 */
export interface Saga<Book> {
  open(tx: Tx, events: readonly Envelope[]): Promise<Book>
  close(tx: Tx, book: Book): Promise<void>
  readonly steps: readonly SagaStep<Book>[]
}
