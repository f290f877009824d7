import type { Cause } from '../contracts/vocabulary'
import type { Id } from '../schemas'
import type { Decision } from './decision'

export interface Change<S> {
  readonly id: Id
  readonly before: S
  readonly after: S
  /** The last input that changed it. */
  readonly cause: Cause | undefined
}

/**
 * The aggregates one batch has locked. Decisions are folded over it in delivery order: each sees the state the
 * previous one left, because two events of one order may sit in one batch.
 */
export class WorkingSet<S> {
  readonly #before = new Map<Id, S>()
  readonly #now = new Map<Id, S>()
  readonly #causes = new Map<Id, Cause>()

  constructor(loaded: Iterable<readonly [Id, S]>) {
    for (const [id, state] of loaded) {
      this.#before.set(id, state)
      this.#now.set(id, state)
    }
  }

  /** undefined: no such row was locked. */
  find(id: Id): S | undefined {
    return this.#now.get(id)
  }

  /** Throws for a row that was not locked: its change would never be written. */
  put(id: Id, state: S, cause?: Cause): void {
    if (!this.#before.has(id)) throw new Error(`${id} was not locked by this batch`)
    this.#now.set(id, state)
    if (cause) this.#causes.set(id, cause)
  }

  decide(id: Id, cause: Cause, decision: (state: S | undefined) => Decision<S>): Decision<S> {
    const outcome = decision(this.#now.get(id))
    if (outcome.kind === 'changed') this.put(id, outcome.state, cause)
    return outcome
  }

  /** What has to be written, sorted by id so that concurrent writers meet in one order. */
  changes(): Change<S>[] {
    const changes: Change<S>[] = []
    for (const [id, after] of this.#now) {
      const before = this.#before.get(id)
      if (before !== undefined && before !== after) changes.push({ id, before, after, cause: this.#causes.get(id) })
    }
    return changes.sort((a, b) => (a.id < b.id ? -1 : 1))
  }
}
