import { type Emission, type Envelope, type SagaStep, type Tx, WorkingSet } from '@order-saga/common'
import { SagaRunner } from '../../../../common/src/saga/saga-runner'

type Rows = Map<string, unknown>

/** A service in memory: its tables, the book its steps decide over, and the steps. */
export interface Participant<Book> {
  readonly tables: readonly Rows[]
  readonly bookOf: (...sets: WorkingSet<never>[]) => Book
  readonly steps: readonly SagaStep<Book>[]
}

/** What handling came to: how each event was decided, what was told, what is stored. */
export interface Trace {
  readonly outcomes: readonly unknown[]
  readonly told: readonly Emission[]
  readonly tables: readonly Rows[]
}

type Handle = <Book>(participant: Participant<Book>, batch: readonly Envelope[]) => Promise<Omit<Trace, 'tables'>>

/** One batch in one transaction, through the runner that ships. */
export const folded: Handle = async ({ tables, bookOf, steps }, batch) => {
  const told: Emission[] = []
  const sets = tables.map((rows) => new WorkingSet<never>(rows as never))
  const open = async () => bookOf(...sets)
  const close = async () => {
    for (const [index, set] of sets.entries()) for (const { id, after } of set.changes()) tables[index]?.set(id, after)
  }
  const outcomes = await new SagaRunner({ open, close, steps }).run(telling(told), batch)
  return { outcomes: outcomes.map(({ outcome }) => ('reason' in outcome ? outcome : outcome.kind)), told }
}

/** As it must not be: every event of a batch is decided on what was there before the batch. */
export const unfolded: Handle = async (participant, batch) => {
  const copies = batch.map(() => ({ ...participant, tables: participant.tables.map((rows) => new Map(rows)) }))
  const before = participant.tables.map((rows) => new Map(rows))
  const traces = await Promise.all(batch.map((event, index) => folded(copies[index] ?? participant, [event])))
  for (const copy of copies)
    for (const [index, rows] of copy.tables.entries())
      for (const [id, row] of rows) if (row !== before[index]?.get(id)) participant.tables[index]?.set(id, row)
  return { outcomes: traces.flatMap(({ outcomes }) => outcomes), told: traces.flatMap(({ told }) => told) }
}

/** Handles a history, cut into batches of these sizes; what is left over goes one by one. */
export async function handleAll<Book>(
  participant: Participant<Book>,
  history: readonly Envelope[],
  sizes: readonly number[],
  handle: Handle,
): Promise<Trace> {
  const outcomes: unknown[] = []
  const told: Emission[] = []
  for (let from = 0, batch = 0; from < history.length; batch++) {
    const size = sizes[batch] ?? 1
    const trace = await handle(participant, history.slice(from, from + size))
    outcomes.push(...trace.outcomes)
    told.push(...trace.told)
    from += size
  }
  return { outcomes, told, tables: participant.tables }
}

/** Text that is equal for equal traces: ids are numbered in the order in which they are first seen. */
export function textOf(trace: Trace): string {
  const numbers = new Map<string, number>()
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : value)
  return JSON.stringify(
    { ...trace, told: trace.told.map(({ contract, ...rest }) => [contract.type, rest]) },
    plain,
  ).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    numbers.set(id, numbers.get(id) ?? numbers.size)
    return `#${numbers.get(id)}`
  })
}

const telling = (told: Emission[]) =>
  ({ tell: (emission: Emission) => void told.push(emission), concerns: () => {} }) as unknown as Tx
