import type { Id, ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Customer, TestShop } from '../../support/test-shop'

/** A shop in which three orders have ended: one paid, one declined, one paid and then refunded by an administrator. */
export interface Scene {
  readonly shop: TestShop
  readonly ada: Customer
  readonly eve: Customer
  readonly productId: Id
  readonly paid: Id
  readonly declined: Id
  readonly refunded: Id
  /** For log files. */
  readonly directory: string
}

export async function setScene(shop: TestShop, directory: string): Promise<Scene> {
  const [ada, eve, productId] = await Promise.all([shop.customer(), shop.customer(), shop.product()])
  const buy = async (paymentToken: string) => {
    const { id } = await shop.place(ada, [{ productId, quantity: 1 }], { paymentToken })
    await shop.poll(ada, { id })
    return id
  }
  const [paid, declined, refunded] = [await buy('tok_visa'), await buy('tok_chargeDeclined'), await buy('tok_visa')]
  const question = { token: await shop.authority.admin(), body: { reason: 'broken' } }
  await eventually(async () => {
    const { status } = await shop.ask('payment-service', `/admin/payments/${refunded}/refund`, question)
    if (status >= 300) throw new Error(`no refund: ${status}`)
  })
  return { shop, ada, eve, productId, paid, declined, refunded, directory }
}

export type Undo = () => Promise<unknown>

/** Where to change something: `where` names table and column, and $1 is the key. */
export interface Rows {
  readonly service: ServiceName
  readonly table: string
  readonly where: string
  readonly key: Id
}

/** Sets columns of one row to SQL expressions. */
export async function change({ shop }: Scene, rows: Rows, set: Readonly<Record<string, string>>): Promise<Undo> {
  const { service, table, where, key } = rows
  const [before] = await shop.premises.query<{ row: object }>(
    service,
    `SELECT row_to_json(${table}) AS row FROM ${table} WHERE ${where}`,
    [key],
  )
  if (!before) throw new Error(`nothing to change in ${table}`)
  const changes = Object.entries(set).map(([column, expression]) => `${column} = ${expression}`)
  await shop.premises.query(service, `UPDATE ${table} SET ${changes} WHERE ${where}`, [key])
  const restored = Object.keys(set).map((column) => `${column} = was.${column}`)
  return () =>
    shop.premises.query(
      service,
      `UPDATE ${table} SET ${restored} FROM json_populate_record(NULL::${table}, $2) was WHERE ${where}`,
      [key, JSON.stringify(before.row)],
    )
}

/** Deletes one row. */
export async function remove({ shop }: Scene, { service, table, where, key }: Rows): Promise<Undo> {
  const [before] = await shop.premises.query<{ row: object }>(
    service,
    `DELETE FROM ${table} WHERE ${where} RETURNING row_to_json(${table}) AS row`,
    [key],
  )
  if (!before) throw new Error(`nothing to remove from ${table}`)
  const insert = `INSERT INTO ${table} SELECT * FROM json_populate_record(NULL::${table}, $1)`
  return () => shop.premises.query(service, insert, [JSON.stringify(before.row)])
}

/** Inserts a row of SQL expressions, found again by its first column. */
export async function add(
  { shop }: Scene,
  service: ServiceName,
  table: string,
  row: Readonly<Record<string, string>>,
): Promise<Undo> {
  const [[column, value] = ['', '']] = Object.entries(row)
  await shop.premises.query(service, `INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.values(row)})`)
  return () => shop.premises.query(service, `DELETE FROM ${table} WHERE ${column} = ${value}`)
}
