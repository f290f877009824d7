import { type NewId, statement, type Tx } from '@order-saga/common'
import { PaymentBook } from '../db/payment-book'
import { COLUMNS, type PaymentRow } from '../db/payment-row'
import { absentPayment, askForVerdict } from '../domain'

const lockOverdue = statement<PaymentRow>(
  'payments-lock-overdue',
  `SELECT ${COLUMNS} FROM payments WHERE next_ask_at <= now()
   ORDER BY next_ask_at LIMIT 100 FOR UPDATE SKIP LOCKED`,
)

// 2, 4 … 60 s
const asked = statement(
  'payments-asked',
  `UPDATE payments SET asks = asks + 1, next_ask_at = now() + least(60, 2 ^ least(asks + 1, 6)) * interval '1 s'
   WHERE order_id = ANY($1::uuid[])`,
)

/** Whoever still holds money after deadline and grace asks for the verdict: it may have been lost on the way. */
export async function askOverdue(tx: Tx, newId: NewId): Promise<number> {
  const rows = await tx.query(lockOverdue)
  if (rows.length === 0) return 0
  tx.concerns('overdue payments')
  const book = new PaymentBook(rows)
  for (const { order_id } of rows) {
    const outcome = askForVerdict(book.find(order_id) ?? absentPayment, undefined, newId)
    if (outcome.kind === 'repeated') for (const emission of outcome.emits) tx.tell(emission, book.causeOf(order_id))
  }
  await tx.write(asked, [rows.map(({ order_id }) => order_id)], rows.length)
  return rows.length
}
