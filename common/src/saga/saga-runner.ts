import { causeOf, type Envelope } from '../contracts/envelope'
import type { Tx } from '../db/tx'
import { newId } from '../ids'
import type { Id } from '../schemas'
import type { Decision } from './decision'
import type { Saga, SagaStep } from './saga'

export interface Told {
  readonly event: Envelope
  readonly outcome: Decision
}

const NOT_SUBSCRIBED: Decision = { kind: 'ignored', reason: 'not_subscribed' }

const KINDS = new Set<unknown>(['changed', 'repeated', 'ignored', 'parked', 'alarm'] satisfies Decision['kind'][])

/** A step that answers nothing, or a promise, would be acknowledged without having had its say. */
function decided({ name }: { name: string }, outcome: Decision | undefined): Decision {
  if (outcome && KINDS.has(outcome.kind)) return outcome
  throw new TypeError(`${name} made no decision`)
}

/** Runs a service's saga steps over a batch of events. */
export class SagaRunner<Book> {
  readonly #steps: Map<string, SagaStep<Book>>

  constructor(private readonly saga: Saga<Book>) {
    this.#steps = new Map(saga.steps.map((step) => [step.contract.dataschema, step]))
  }

  /**
   * Folds the decisions over the locked rows in delivery order, writes what changed, tells what they emit. Of `claiming`
   * comes which events are to be handled; what they need is sent for meanwhile, so that a batch waits for the server once.
   * For the others rows are locked in vain, and those that nobody has heard of stay absent.
   */
  async run(tx: Tx, heard: readonly Envelope[], claiming?: Promise<ReadonlySet<Id>>): Promise<Told[]> {
    if (heard.length === 0) return []
    const [claimed, book] = await Promise.all([claiming, this.saga.open(tx, heard)])
    const events = claimed ? heard.filter(({ id }) => claimed.has(id)) : heard
    tx.concerns(...events.flatMap((event) => [event.type, this.handlerOf(event)]))
    const told = events.map((event) => {
      const step = this.#steps.get(event.dataschema)
      return { event, outcome: step ? decided(step, step.decide(book, event, newId)) : NOT_SUBSCRIBED }
    })
    await this.saga.close(tx, book)
    for (const { event, outcome } of told)
      if (outcome.kind === 'changed' || outcome.kind === 'repeated')
        for (const emission of outcome.emits) tx.tell(emission, causeOf(event))
    return told
  }

  /** The name of the step that handles it, for dead letters and logs. */
  handlerOf({ dataschema }: Envelope): string {
    return this.#steps.get(dataschema)?.name ?? 'none'
  }
}
