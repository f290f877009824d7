import type { Databases } from './databases'
import type { Facts } from './facts'
import type { Findings } from './report'
import type { Told } from './sources'
import { daysAgo, floorOf, surelyKept } from './uuid-time'
import { journalist, kept } from './who-hears-what'

const types = [
  'order.created',
  'order.paid',
  'order.cancelled',
  'inventory.reserved',
  'inventory.reservation.failed',
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
] as const
type Type = (typeof types)[number]

const bitOf = (type: string): number => {
  const index = types.indexOf(type as Type)
  return index < 0 ? 0 : 1 << index
}

/** Which of these events were told of each order: one bit each. */
export class TellingsByOrder {
  readonly #told = new Map<string, number>()

  add({ type, subject }: Pick<Told, 'type' | 'subject'>): void {
    const bit = bitOf(type)
    if (bit !== 0) this.#told.set(subject, (this.#told.get(subject) ?? 0) | bit)
  }

  has(orderId: string, type: Type): boolean {
    return ((this.#told.get(orderId) ?? 0) & bitOf(type)) !== 0
  }
}

/** Each effect with the events of which at least one must have been told. */
type Effect = readonly [what: string, orderId: string, causes: readonly Type[]]

/** L3: no effect without its cause. */
export async function auditEffects(
  databases: Databases,
  facts: Facts,
  tellings: TellingsByOrder,
  findings: Findings,
): Promise<void> {
  await addForgotten(databases, tellings)
  const known = floorOf(daysAgo(kept.journal - 1))
  let checked = 0
  const check = ([what, orderId, causes]: Effect) => {
    // what is older than the journal has no causes on record
    if (orderId < known) return
    checked += 1
    if (!causes.some((type) => tellings.has(orderId, type)))
      findings.broken('L3', `order ${orderId}: ${what} without ${causes.join(' or ')}`)
  }
  for (const effect of effectsOf(facts)) check(effect)
  for await (const effects of storedEffects(databases)) for (const effect of effects) check(effect)
  findings.checked('L3', checked)
}

/** Days that no outbox has any more. */
async function addForgotten(databases: Databases, tellings: TellingsByOrder): Promise<void> {
  const since = floorOf(surelyKept(kept.outbox))
  const sql = 'SELECT DISTINCT type, subject FROM journal WHERE id < $1 AND type = ANY($2)'
  const rows = await databases.query<{ type: string; subject: string }>(journalist, sql, [since, types])
  for (const row of rows) tellings.add(row)
}

function* effectsOf({ orders, reservations, payments }: Facts): Generator<Effect> {
  for (const { id, status, refund } of orders.values()) {
    yield ['order', id, ['order.created']]
    if (status === 'paid') {
      yield ['paid order', id, ['order.paid']]
      yield ['paid order', id, ['payment.succeeded']]
    }
    if (status === 'cancelled') yield ['cancelled order', id, ['order.cancelled']]
    if (refund === 'done') yield ['refund of the order', id, ['payment.refunded']]
  }
  for (const { orderId, state, quantities } of reservations.values()) {
    const what = `${state} reservation`
    if (quantities !== null) yield [what, orderId, ['inventory.reserved']]
    if (state !== 'absent' && state !== 'released') yield [what, orderId, ['order.created']]
    if (state === 'rejected') yield [what, orderId, ['inventory.reservation.failed']]
    if (state === 'released') yield [what, orderId, ['order.cancelled', 'payment.failed']]
    if (state === 'sold') yield [what, orderId, ['order.paid']]
  }
  for (const { orderId, state, total } of payments.values()) {
    const what = `${state} payment`
    if (total !== null) yield [what, orderId, ['inventory.reserved']]
    const cause = causes[state]
    if (cause) yield [what, orderId, [cause]]
  }
}

const causes: Readonly<Record<string, Type>> = {
  captured: 'payment.succeeded',
  settled: 'order.paid',
  failed: 'payment.failed',
  voided: 'order.cancelled',
  refunded: 'payment.refunded',
}

const mailCauses: Readonly<Record<string, Type>> = {
  receipt: 'order.paid',
  cancellation: 'order.cancelled',
  refund: 'payment.refunded',
}

async function* storedEffects(databases: Databases): AsyncGenerator<Effect[]> {
  type Cart = { order_id: string; state: string }
  const carts = 'SELECT order_id, state FROM cart_orders'
  for await (const rows of databases.pages<Cart>('cart-service', carts, { key: 'order_id' }))
    yield rows.flatMap(({ order_id, state }): Effect[] =>
      state === 'absent' ? [] : [['cart', order_id, [state === 'taken' ? 'order.created' : 'order.cancelled']]],
    )
  const mails = `SELECT kind, subject_id FROM mails WHERE kind <> 'welcome' AND channel = 'mail'`
  const rows = await databases.query<{ kind: string; subject_id: string }>('mailer-service', mails)
  yield rows.flatMap(({ kind, subject_id }): Effect[] => {
    const cause = mailCauses[kind]
    return cause ? [[`${kind} mail`, subject_id, [cause]]] : []
  })
}
