import { type Database, newId, type Tx } from '@order-saga/common'
import { lockOverdue, type Overdue, postponeAsking } from '../db/reservation-statements'
import { askWhatBecame } from '../domain/reservation'

/** Stock held past deadline and grace: asks what became of those orders, since a verdict may have been lost. */
export const askAboutOverdue = (database: Database, graceMs: number): Promise<number> =>
  database.transaction(async (tx) => {
    const overdue = await tx.query(lockOverdue, [graceMs])
    if (overdue.length === 0) return 0
    tx.concerns('overdue reservations')
    for (const one of overdue) ask(tx, one)
    const orderIds = overdue.map(({ state }) => state.orderId)
    await tx.write(postponeAsking, [orderIds], orderIds.length)
    return orderIds.length
  })

function ask(tx: Tx, { state, correlation_id, causation_id, traceparent }: Overdue): void {
  const decision = askWhatBecame({ reservation: state, shelf: {} }, undefined, newId)
  if (decision.kind !== 'repeated') return
  const cause = { correlationId: correlation_id, causationId: causation_id, traceparent: traceparent ?? undefined }
  for (const emission of decision.emits) tx.tell(emission, cause)
}
