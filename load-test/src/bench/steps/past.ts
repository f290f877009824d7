import type { ServiceName } from '@order-saga/common'
import type { Databases } from '@order-saga/scripts/shop/databases'

const DAY_MS = 86_400_000
const SPREAD_DAYS = 30
const OUTBOX_DAYS = 7
const COPIES_AT_ONCE = 10

// what an order leaves behind, in the sequence in which it is copied
const TABLES: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  'order-service': ['orders', 'order_transitions', 'inbox', 'outbox'],
  'product-service': ['reservations', 'stock_movements', 'inbox', 'outbox'],
  'payment-service': ['payments', 'payment_transitions', 'inbox', 'outbox'],
  'mailer-service': ['mails', 'inbox'],
  'logger-service': ['journal', 'inbox'],
  'cart-service': ['inbox'],
}

// whoever and whatever orders were about stays the same
const SHARED = new Set(['customer_id', 'user_id', 'product_id', 'changed_by'])

interface Column {
  readonly name: string
  readonly type: string
}

interface Template {
  readonly service: ServiceName
  readonly table: string
  readonly copies: number
  readonly stepMs: number
}

/**
 * Gives the shop a past: every row that its orders have left is copied, with new ids and times, evenly over the last
 * thirty days, until there are so many orders. What retention would have dropped is left out. The shop must be at rest.
 */
export async function makePast(databases: Databases, orders: number, say: (line: string) => void): Promise<void> {
  const now = await databases.count('order-service', 'SELECT count(*) FROM orders')
  const copies = Math.ceil(orders / now)
  const stepMs = Math.floor((SPREAD_DAYS * DAY_MS) / copies)
  const services = Object.entries(TABLES) as [ServiceName, readonly string[]][]
  await Promise.all(
    services.map(async ([service, tables]) => {
      await makePartitions(databases, service)
      for (const table of tables) await copy(databases, { service, table, copies, stepMs })
      say(`${service} has a past of ${(copies * now).toLocaleString('en')} orders`)
    }),
  )
}

async function makePartitions(databases: Databases, service: ServiceName): Promise<void> {
  await databases.query(
    service,
    `SELECT create_partition(name, day::date) FROM partitioned_tables,
       generate_series(now()::date - least(keep_days, $1), now()::date, interval '1 day') AS day`,
    [SPREAD_DAYS],
  )
}

async function copy(databases: Databases, { service, table, copies, stepMs }: Template): Promise<void> {
  const columns = await databases.query<Column>(
    service,
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'`,
    [table],
  )
  const names = columns.map(({ name }) => name).join(', ')
  const template = `bench_${table}`
  await databases.query(service, `CREATE TABLE ${template} AS SELECT ${names} FROM ${table}`)
  const most = table === 'outbox' ? Math.floor((copies * OUTBOX_DAYS) / SPREAD_DAYS) : copies
  for (let n = 1; n <= most; n += COPIES_AT_ONCE) {
    const last = Math.min(n + COPIES_AT_ONCE - 1, most)
    await databases.query(
      service,
      `INSERT INTO ${table} (${names}) SELECT ${columns.map(earlier).join(', ')}
       FROM (SELECT n, n * ${stepMs}::bigint AS ms FROM generate_series(${n}, ${last}) AS n) AS shift, ${template} AS t
       ON CONFLICT DO NOTHING`,
    )
  }
  await databases.query(service, `DROP TABLE ${template}`)
  await databases.query(service, `ANALYZE ${table}`)
}

/** The column's value of a copy that is `ms` older: a UUIDv7 begins with its time. */
function earlier({ name, type }: Column): string {
  if (name === 'idempotency_key') return `t.${name} || '-' || n`
  if (type.startsWith('timestamp')) return `t.${name} - ms * interval '1 ms'`
  if (type !== 'uuid' || SHARED.has(name)) return `t.${name}`
  const hex = `replace(t.${name}::text, '-', '')`
  return `(lpad(to_hex(('x' || left(${hex}, 12))::bit(48)::bigint - ms), 12, '0') || substr(${hex}, 13))::uuid`
}
