import { type Database, type Id, statement, type Tx } from '@order-saga/common'
import type { Payment } from '../domain'
import { COLUMNS, type PaymentRow, toPayment } from './payment-row'

const claim = statement('webhooks-claim', 'INSERT INTO provider_webhooks (id) VALUES ($1) ON CONFLICT DO NOTHING')

/** false: it was here before. Whoever brings it at the same time waits for this transaction. */
export async function claimWebhook(tx: Tx, id: string): Promise<boolean> {
  return (await tx.execute(claim, [id])) === 1
}

const find = statement<PaymentRow>('webhooks-payment', `SELECT ${COLUMNS} FROM payments WHERE order_id = $1`)

/** Not locked: nothing is decided about it here. */
export async function findMeant(tx: Tx, orderId: Id): Promise<Payment | undefined> {
  const [row] = await tx.query(find, [orderId])
  return row && toPayment(row)
}

// webhook and answer are sent at the same time: a first call, which has no error yet, is given a second to bring its own
const bringForward = statement(
  'webhooks-bring-forward',
  `UPDATE payments SET next_attempt_at =
     least(next_attempt_at, now() + CASE WHEN last_error IS NULL THEN interval '1 s' ELSE interval '0 s' END)
   WHERE order_id = $1 AND next_attempt_at IS NOT NULL`,
)

/** The provider is asked again now, not when its turn has come. */
export async function bringCallForward(tx: Tx, orderId: Id): Promise<void> {
  await tx.execute(bringForward, [orderId])
}

// a provider gives up repeating after some days; until then a repeat is recognised
const forget = statement(
  'webhooks-forget',
  `DELETE FROM provider_webhooks WHERE received_at < now() - interval '30 days'`,
)

export const forgetOldWebhooks = (database: Database): Promise<unknown> => database.execute(forget)
