import { type Id, newId, type Runtime } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { OrderRecord } from '../../src/db/order-row'
import { WatchOrders } from '../../src/use-cases/watch-orders'
import { charged, priced, reserved } from '../given'
import { type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

let shop: OrderUnderTest
let other: Runtime
let address: string
beforeAll(async () => {
  shop = await orderUnderTest()
  other = await shop.another()
  address = await shop.listen()
})
afterAll(() => shop.close())

const placed = async (): Promise<Id> => (await shop.place()).json().id

test('an order can be read as soon as it is accepted', async () => {
  for (let round = 0; round < 20; round++) {
    const answer = await shop.get((await shop.place()).json().links.self)
    expect([answer.statusCode, answer.json().status]).toEqual([200, 'pending'])
  }
})

test('a pending order says when to ask again, an ended one says how it ended', async () => {
  const id = await placed()
  const pending = await shop.get(`/orders/${id}`)
  expect(pending.headers).toMatchObject({ 'retry-after': '1', etag: `"${id}-1"`, 'cache-control': 'private, no-cache' })
  expect(pending.json()).toMatchObject({
    totalMinor: null,
    reason: null,
    refund: 'none',
    pollAfterMs: expect.any(Number),
  })
  await shop.saga.settle(charged(id))
  const ended = await shop.get(`/orders/${id}`)
  expect(ended.json()).toMatchObject({ ...priced, id, status: 'paid', version: 2 })
  expect(ended.json()).not.toHaveProperty('pollAfterMs')
  expect(ended.headers).not.toHaveProperty('retry-after')
  for (const hidden of ['paymentToken', 'customerId', 'fingerprint', 'correlationId'])
    expect(ended.json()).not.toHaveProperty(hidden)
})

test('an unchanged order is a 304 without a body, a changed one a new version', async () => {
  const id = await placed()
  const { etag } = (await shop.get(`/orders/${id}`)).headers
  const ask = (tag = String(etag)) => shop.get(`/orders/${id}`, { headers: { 'if-none-match': tag } })
  for (const tag of [String(etag), `W/${etag}`, `"x", ${etag}`]) {
    const answer = await ask(tag)
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag])
    expect(answer.headers).not.toHaveProperty('content-length')
  }
  await shop.saga.settle(reserved(id))
  const changed = await ask()
  expect([changed.statusCode, changed.json().version, changed.headers.etag]).toEqual([200, 2, `"${id}-2"`])
})

test('R25: pollers on two instances never see a step back', async () => {
  const id = await placed()
  const seen: number[][] = [[], []]
  let isOver = false
  const pollers = [shop.runtime, other].map(async (instance, index) => {
    while (!isOver) seen[index]?.push((await shop.get(`/orders/${id}`, {}, instance)).json().version)
  })
  await shop.saga.settle(reserved(id))
  await shop.saga.settle(charged(id))
  isOver = true
  await Promise.all(pollers)
  for (const versions of seen) expect(versions).toEqual([...versions].sort((a, b) => a - b))
})

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

describe('somebody else asks', () => {
  const withoutPath = ({ instance: _, requestId: __, ...body }: Record<string, unknown>) => body

  test.each([
    ['GET', (id: Id) => `/orders/${id}`],
    ['POST', (id: Id) => `/orders/${id}/cancel`],
  ] as const)('%s answers as for an order that does not exist', async (method, url) => {
    const id = await placed()
    const ask = (about: Id) => shop.runtime.app.inject({ method, url: url(about), headers: shop.authorized(newId()) })
    const [foreign, random] = [await ask(id), await ask(newId())]
    expect([foreign.statusCode, slugOf(foreign)]).toEqual([404, 'not-found'])
    expect(withoutPath(foreign.json())).toEqual(withoutPath(random.json()))
    const bare = ({ 'x-request-id': _, date: __, 'content-length': ___, ...headers }: typeof foreign.headers) => headers
    expect(bare(foreign.headers)).toEqual(bare(random.headers))
    expect((await shop.get(`/orders/${id}`)).json().status).toBe('pending')
  })

  test('and how long the answer takes says nothing either', async () => {
    const [foreign, as] = [await placed(), newId()]
    const timed = async (id: Id) => {
      const beganAtMs = performance.now()
      expect((await shop.get(`/orders/${id}`, { as })).statusCode).toBe(404)
      return performance.now() - beganAtMs
    }
    await eventually(async () => {
      const tookMs: [number[], number[]] = [[], []]
      // in turn, so that a busy machine slows both
      for (let round = 0; round < 100; round++) {
        tookMs[0].push(await timed(foreign))
        tookMs[1].push(await timed(newId()))
      }
      const [ofForeign, ofUnknown] = tookMs.map(median) as [number, number]
      expect(Math.max(ofForeign, ofUnknown) / Math.min(ofForeign, ofUnknown)).toBeLessThan(1.5)
    }, 60_000)
  }, 90_000)

  test('and is not kept waiting for it', async () => {
    const id = await placed()
    const asked = { as: newId(), headers: { prefer: 'wait=10' } }
    const beganAtMs = performance.now()
    expect((await shop.get(`/orders/${id}`, asked)).statusCode).toBe(404)
    expect(performance.now() - beganAtMs).toBeLessThan(8_000)
  })
})

test.each(['x', '%00', '6f1c2a52-9c36-4f9e-8f0f-0c0a5a3f7f11', `${newId()}%00`])(
  'no order has the id %s',
  async (id) => {
    expect((await shop.get(`/orders/${id}`)).statusCode).toBe(400)
  },
)

describe('Prefer: wait, over a real connection', () => {
  const hold = async (
    id: Id,
    { seconds = 10, etag, at = address }: { seconds?: number; etag?: string; at?: string } = {},
  ) => {
    const headers = { ...shop.authorized(), prefer: `wait=${seconds}`, ...(etag && { 'if-none-match': etag }) }
    const response = await fetch(`${at}/orders/${id}`, { headers })
    const answeredAtMs = performance.now()
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text), answeredAtMs }
  }

  test('holds the request until this instance commits the end, which wakes it without any re-read', async () => {
    const interval = jest.spyOn(global, 'setInterval').mockReturnValue(setTimeout(() => {}, 0))
    try {
      let fastestMs = Number.POSITIVE_INFINITY
      for (let round = 0; round < 20; round++) {
        const id = await placed()
        const held = hold(id)
        // not before the wait has begun: a commit before it would prove nothing
        await whenHeld(1)
        await shop.cancel(id)
        const committedAtMs = performance.now()
        const { status, body, answeredAtMs, headers } = await held
        expect([status, body.status, headers.get('preference-applied')]).toEqual([200, 'cancelled', 'wait=10'])
        fastestMs = Math.min(fastestMs, answeredAtMs - committedAtMs)
      }
      expect(fastestMs).toBeLessThan(200)
    } finally {
      interval.mockRestore()
    }
  })

  test('hears within the re-read what another instance committed', async () => {
    const id = await placed()
    const held = hold(id)
    await whenHeld(1)
    await shop.saga.settle(charged(id))
    const committedAtMs = performance.now()
    expect((await held).body.status).toBe('paid')
    // without it this instance would hear of nothing, and hold the request for ten
    expect((await held).answeredAtMs - committedAtMs).toBeLessThan(8_000)
  })

  test('goes on holding while the order is only priced', async () => {
    const id = await placed()
    const held = hold(id)
    await whenHeld(1)
    await shop.saga.settle(reserved(id))
    expect(await heldBy()).toBe(1)
    await shop.saga.settle(charged(id))
    expect((await held).body).toMatchObject({ status: 'paid', version: 3 })
  })

  test('lets go when the time is up, with 304 if nothing has changed', async () => {
    const id = await placed()
    const beganAtMs = performance.now()
    const answer = await hold(id, { seconds: 1, etag: `"${id}-1"` })
    expect([answer.status, answer.body, answer.headers.get('retry-after')]).toEqual([304, '', '1'])
    expect(answer.answeredAtMs - beganAtMs).toBeGreaterThan(990)
    expect(answer.answeredAtMs - beganAtMs).toBeLessThan(8_000)
  })

  test('does not hold who knows an older version, nor anybody when the order has ended', async () => {
    const id = await placed()
    const { etag } = (await shop.get(`/orders/${id}`)).headers
    await shop.saga.settle(reserved(id))
    expect(await hold(id, { etag: String(etag) })).toMatchObject({ status: 200, body: { version: 2 } })
    await shop.saga.settle(charged(id))
    expect(await hold(id)).toMatchObject({ status: 200, body: { version: 3 } })
    expect(await hold(id, { etag: `"${id}-3"` })).toMatchObject({ status: 304 })
  })

  test('lets everybody go when the service ends', async () => {
    const leaving = await shop.another()
    const at = await shop.listen(leaving)
    const id = await placed()
    const held = hold(id, { at })
    await whenHeld(1, leaving)
    const beganAtMs = performance.now()
    await leaving.app.close()
    expect((await held).body.status).toBe('pending')
    // it had asked to be held for ten
    expect(performance.now() - beganAtMs).toBeLessThan(8_000)
  })

  test('a hundred held requests end with their orders', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, placed))
    const held = ids.map((id) => hold(id))
    await whenHeld(100)
    await shop.saga.settle(...ids.map(charged))
    for (const answer of await Promise.all(held)) expect(answer.body.status).toBe('paid')
  })
})

/** How many requests an instance holds. */
async function heldBy(instance = shop.runtime): Promise<number> {
  const { body } = await instance.app.inject('/metrics')
  return Number(/^order_requests_held\{.*\} (\d+)$/m.exec(body)?.[1])
}

const whenHeld = (requests: number, instance = shop.runtime): Promise<void> =>
  eventually(async () => expect(await heldBy(instance)).toBe(requests))

describe('whoever listens for the end of an order', () => {
  const HOUR_MS = 3_600_000

  test('hears a commit that came between the listening and the waiting', async () => {
    const watch = new WatchOrders(shop.runtime.database)
    const order = { id: newId() } as OrderRecord
    const listening = watch.listen(order.id)
    watch.ended([order])
    expect(await listening.wait(HOUR_MS, new AbortController().signal)).toBe(order)
    listening.stop()
  })

  test('is let go when the client hangs up, also when that was before the waiting', async () => {
    const watch = new WatchOrders(shop.runtime.database)
    const hungUp = new AbortController()
    const listening = watch.listen(newId())
    const waiting = listening.wait(HOUR_MS, hungUp.signal)
    hungUp.abort()
    await waiting
    await listening.wait(HOUR_MS, hungUp.signal)
    listening.stop()
  })

  test('is let go at once when the service has ended already', async () => {
    const watch = new WatchOrders(shop.runtime.database)
    watch.close()
    const listening = watch.listen(newId())
    await listening.wait(HOUR_MS, new AbortController().signal)
    listening.stop()
  })
})
