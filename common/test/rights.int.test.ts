import { Database, newId, statement } from '@order-saga/common'
import amqp from 'amqplib'
import { orderEvent, Shop } from './support/shop'

let shop: Shop
let app: Database
beforeAll(async () => {
  shop = await Shop.open()
  app = new Database({ service: 'order-service', url: shop.urlOf('order-service') })
})
afterAll(async () => {
  await app.close()
  await shop.close()
})

describe('the broker refuses a service', () => {
  type Channel = Awaited<ReturnType<Shop['raw']>>['channel']

  /** The reply code with which the broker closes the channel. */
  async function codeOf(attempt: (channel: Channel) => unknown): Promise<number> {
    const { channel } = await shop.raw('order-service')
    const closed = new Promise<number>((resolve) =>
      channel.on('error', (error: Error & { code?: number }) => resolve(error.code ?? 0)),
    )
    void Promise.resolve(attempt(channel)).catch(() => {})
    return closed
  }
  const publish = (exchange: string, key: string, userId?: string) => (channel: Channel) =>
    channel.publish(exchange, key, Buffer.from(JSON.stringify(orderEvent())), userId ? { userId } : {})

  it.each<[string, number, (channel: Channel) => unknown]>([
    ["another service's event type", 403, publish('shop.events', 'payment.succeeded')],
    ['an event type nobody declared', 403, publish('shop.events', 'order.invented')],
    ['a name that is not its own', 406, publish('shop.events', 'order.created', 'payment-service')],
    ["another service's log lines", 403, publish('shop.logs', 'log.payment-service.info')],
    ['a message straight into a queue', 403, publish('', 'product-service.events')],
    ['a message straight into the dead letters', 403, publish('shop.dead', 'product-service')],
    ["another service's queue", 403, (channel) => channel.consume('product-service.events', () => {})],
    ["another service's dead letters", 403, (channel) => channel.consume('product-service.dead', () => {})],
    ['a queue of its own making', 403, (channel) => channel.assertQueue('order-service.more')],
    ['an exchange of its own making', 403, (channel) => channel.assertExchange('order-service', 'topic')],
    ['a binding', 403, (channel) => channel.bindQueue('order-service.events', 'shop.events', '#')],
    ['emptying a queue', 403, (channel) => channel.purgeQueue('product-service.events')],
    ['deleting its queue', 403, (channel) => channel.deleteQueue('order-service.events')],
  ])('%s (%i)', async (_what, code, attempt) => {
    expect(await codeOf(attempt)).toBe(code)
  })

  it("another tenant's vhost", async () => {
    const other = await Shop.open()
    const { management } = other.broker
    await management.delete(`/permissions/${other.broker.vhost}/order-service`)
    await expect(amqp.connect(other.broker.urlOf('order-service'))).rejects.toThrow(/ConnectionOpenOk|530|403/)
    await other.close()
  })
})

describe('PostgreSQL refuses a service', () => {
  it("another service's database", async () => {
    const url = new URL(shop.urlOf('order-service'))
    url.pathname = new URL(shop.urlOf('product-service')).pathname
    const intruder = new Database({ service: 'order-service', url: url.href })
    const ping = statement('ping', 'SELECT 1')
    await expect(intruder.query(ping)).rejects.toThrow('permission denied for database')
    await intruder.close()
  })

  it.each([
    'CREATE TABLE mine (id int)',
    'ALTER TABLE outbox ADD COLUMN more int',
    'DROP TABLE outbox_default',
    'TRUNCATE inbox',
    'CREATE INDEX more ON parked (type)',
    'CREATE SCHEMA mine',
    `UPDATE migrations SET name = 'none'`,
    'DELETE FROM migrations',
    `INSERT INTO partitioned_tables VALUES ('parked', 1)`,
    `SELECT create_partition('outbox', current_date + 5)`,
    `SELECT partition_by_day('parked', 1)`,
    'CREATE ROLE friend',
    `ALTER SYSTEM SET fsync = 'off'`,
    `COPY outbox TO PROGRAM 'cat'`,
  ])('%s', async (sql) => {
    await expect(app.pool.query(sql)).rejects.toThrow(/permission denied|must be owner|must be superuser/)
  })

  it('nothing it needs', async () => {
    const id = newId()
    await app.pool.query('INSERT INTO inbox (id) VALUES ($1)', [id])
    await app.pool.query('SELECT maintain_partitions(now())')
    await app.pool.query('DELETE FROM inbox WHERE id = $1', [id])
  })
})
