import type { Cause, Contract, DataOf } from '../contracts/vocabulary'
import type { Emission } from '../saga/decision'
import type { Id } from '../schemas'

/** A named prepared statement: planned once per connection. `Row` is what it returns. */
export interface Statement<Row = never> {
  readonly name: string
  readonly text: string
  /** Never set; carries the row type. */
  readonly row?: Row
}

export const statement = <Row = never>(name: string, text: string): Statement<Row> => ({ name, text })

export interface Queryable {
  query<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>
  /** Number of rows written. */
  execute(statement: Statement, values?: readonly unknown[]): Promise<number>
}

/** An open transaction. Every write takes it as its first argument. */
export interface Tx extends Queryable {
  /** Writes, and throws `StaleWrite` (roll back, decide again) unless exactly `rows` rows were written. */
  write(statement: Statement, values: readonly unknown[], rows: number): Promise<void>
  /** Adds the event to the outbox of this transaction; it is published after the commit. Throws on an invalid payload. */
  emit<C extends Contract>(contract: C, data: DataOf<C>, cause: Cause): Id
  /** The same for what a decision wants told. */
  tell(emission: Emission, cause: Cause): void
  /** Says what it is about, in names a failpoint can be armed with. */
  concerns(...names: string[]): void
  /** Runs when, and only when, this transaction has committed. A crash in between skips it: never the only trigger. */
  afterCommit(action: () => void): void
}
