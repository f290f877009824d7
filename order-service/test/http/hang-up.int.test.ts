import { connect } from 'node:net'
import { newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { body, type OrderUnderTest, orderUnderTest } from '../order-under-test'

/** Clients that ask and do not stay for the answer. */

const CLIENTS = 30

let shop: OrderUnderTest
let port: number
const unheard: unknown[] = []
const note = (error: unknown) => unheard.push(error)

beforeAll(async () => {
  shop = await orderUnderTest()
  port = Number(new URL(await shop.listen()).port)
  process.on('uncaughtException', note).on('unhandledRejection', note)
})
afterAll(async () => {
  process.off('uncaughtException', note).off('unhandledRejection', note)
  await shop.close()
})

function bytesOf(key: string, payload = JSON.stringify(body)): string {
  const { authorization } = shop.authorized()
  const lines = [
    'POST /orders HTTP/1.1',
    'host: shop',
    `authorization: ${authorization}`,
    'content-type: application/json',
    `idempotency-key: ${key}`,
    `content-length: ${Buffer.byteLength(payload)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${payload}`
}

/** Sends so much of it, and is gone. */
const sendAndLeave = (bytes: string, how: 'reset' | 'close'): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(bytes, () => (how === 'reset' ? socket.resetAndDestroy() : socket.destroy())),
    )
    socket.once('error', reject)
    socket.once('close', () => resolve())
  })

const ordersOf = (key: string) =>
  shop.sql<{ id: string }>('SELECT id FROM orders WHERE customer_id = $1 AND idempotency_key = $2', [
    shop.customer,
    key,
  ])

test.each(['reset', 'close'] as const)(
  'an order whose customer leaves by %s is one order, found or placed by its key',
  async (how) => {
    const keys = Array.from({ length: CLIENTS }, () => newId())
    await Promise.all(keys.map((key) => sendAndLeave(bytesOf(key), how)))
    for (const key of keys) {
      const answer = await shop.place(body, { key })
      expect(answer.statusCode).toBe(202)
      expect(await ordersOf(key)).toEqual([{ id: answer.json().id }])
      expect((await shop.told(answer.json().id)).map(({ type }) => type)).toEqual(['order.created'])
    }
    expect(unheard).toEqual([])
  },
)

test('half an order is none', async () => {
  const keys = Array.from({ length: CLIENTS }, () => newId())
  await Promise.all(keys.map((key, n) => sendAndLeave(bytesOf(key).slice(0, -1 - n), n % 2 === 0 ? 'reset' : 'close')))
  // whoever comes after them is served
  expect((await shop.place()).statusCode).toBe(202)
  for (const key of keys) expect(await ordersOf(key)).toEqual([])
  expect(unheard).toEqual([])
})

test('what was begun for those who left keeps no connection to the database', async () => {
  await eventually(() => expect(shop.runtime.database.pool.waitingCount).toBe(0))
  await eventually(() => expect(shop.runtime.database.pool.idleCount).toBe(shop.runtime.database.pool.totalCount))
})
