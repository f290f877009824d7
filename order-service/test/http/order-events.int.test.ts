import { type Id, newId, type Runtime } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { charged, refunded, reserved } from '../given'
import { type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

let shop: OrderUnderTest
let address: string
beforeAll(async () => {
  shop = await orderUnderTest()
  address = await shop.listen()
})
afterAll(() => shop.close())

const placed = async (as = shop.customer): Promise<Id> => (await shop.place(undefined, { as })).json().id

interface Heard {
  readonly id: string
  readonly event: string
  readonly data: { status: string; version: number; totalMinor: number | null }
}

/** A stream as a browser reads it, and what came of it so far. */
class Listener {
  text = ''
  hasEnded = false
  readonly #hungUp = new AbortController()
  private constructor(readonly answer: Response) {}

  static async to(
    id: Id,
    { as = shop.customer, on = address, headers = {} }: { as?: Id; on?: string; headers?: object } = {},
  ) {
    const hungUp = new AbortController()
    const answer = await fetch(`${on}/orders/${id}/events`, {
      headers: { ...shop.authorized(as), ...headers },
      signal: hungUp.signal,
    })
    const listener = new Listener(answer)
    listener.#hungUp.signal.addEventListener('abort', () => hungUp.abort())
    void listener.#read()
    return listener
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of this.answer.body ?? []) this.text += decoder.decode(chunk, { stream: true })
      this.hasEnded = true
    } catch {
      // it hung up itself
    }
  }

  get heard(): Heard[] {
    return this.text
      .split('\n\n')
      .filter((block) => block.includes('data: '))
      .map((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
        return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) }
      })
  }

  get statuses(): string[] {
    return this.heard.map(({ data }) => data.status)
  }

  hangUp(): void {
    this.#hungUp.abort()
  }
}

const openStreams = async (on: Runtime = shop.runtime): Promise<number> => {
  const { body } = await on.app.inject({ url: '/metrics' })
  return Number(/^order_streams_open\S* (\d+)$/m.exec(body)?.[1])
}
const nobodyListens = () => eventually(async () => expect(await openStreams()).toBe(0))
afterEach(nobodyListens)

test('an order is told as it is, with each change, and to its end', async () => {
  const id = await placed()
  const listener = await Listener.to(id)
  expect([listener.answer.status, listener.answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  expect(listener.answer.headers.get('cache-control')).toBe('no-store')
  await eventually(() => expect(listener.statuses).toEqual(['pending']))
  const saga = shop.saga
  await saga.settle(reserved(id))
  await eventually(() => expect(listener.heard).toHaveLength(2))
  await saga.settle(charged(id))
  await eventually(() => expect(listener.hasEnded).toBe(true))
  expect(listener.heard.map(({ id: version, event, data }) => [event, version, data.status])).toEqual([
    ['order', '1', 'pending'],
    ['order', '2', 'pending'],
    ['order', '3', 'paid'],
  ])
  expect(listener.heard[1]?.data.totalMinor).toBe(2500)
  expect(listener.heard[2]?.data).toEqual((await shop.get(`/orders/${id}`)).json())
  for (const hidden of ['tok_visa', 'customerId', 'correlationId']) expect(listener.text).not.toContain(hidden)
})

test('what the customer does elsewhere is told as well', async () => {
  const id = await placed()
  const listener = await Listener.to(id)
  await eventually(() => expect(listener.heard).toHaveLength(1))
  await shop.cancel(id)
  await eventually(() => expect(listener.statuses).toEqual(['pending', 'cancelled']))
})

test('what has ended is told once', async () => {
  const id = await placed()
  await shop.saga.settle(charged(id))
  const listener = await Listener.to(id)
  await eventually(() => expect(listener.hasEnded).toBe(true))
  expect(listener.statuses).toEqual(['paid'])
})

describe('Last-Event-ID', () => {
  const from = (id: Id, seen: string) => Listener.to(id, { headers: { 'last-event-id': seen } })

  test('of how it ended is answered 204: nobody comes again', async () => {
    const id = await placed()
    await shop.saga.settle(charged(id))
    const listener = await from(id, '2')
    expect([listener.answer.status, await listener.answer.text().catch(() => '')]).toEqual([204, ''])
  })

  test('spares what was seen, and nothing else', async () => {
    const id = await placed()
    const listener = await from(id, '1')
    await eventually(() => expect(listener.text).toContain(': nothing new'))
    await shop.saga.settle(charged(id))
    await eventually(() => expect(listener.hasEnded).toBe(true))
    expect(listener.statuses).toEqual(['paid'])
  })

  test('a refund after it is told', async () => {
    const id = await placed()
    await shop.saga.settle(charged(id))
    await shop.saga.settle(refunded(id))
    const listener = await from(id, '2')
    await eventually(() => expect(listener.hasEnded).toBe(true))
    expect(listener.heard.map(({ id: version }) => version)).toEqual(['3'])
  })

  test.each(['99', 'x', '-1', '1.5'])('%s was never sent, so everything is', async (seen) => {
    const id = await placed()
    await shop.cancel(id)
    const listener = await from(id, seen)
    await eventually(() => expect(listener.hasEnded).toBe(true))
    expect(listener.statuses).toEqual(['cancelled'])
  })
})

describe('is refused', () => {
  const ask = async (id: string, as?: Id) => shop.get(`/orders/${id}/events`, as ? { as } : {})

  test('to strangers as if the order were none', async () => {
    const id = await placed()
    const [foreign, nothing] = await Promise.all([ask(id, newId()), ask(newId())])
    expect([foreign.statusCode, slugOf(foreign)]).toEqual([404, 'not-found'])
    expect(nothing.json()).toMatchObject({ type: foreign.json().type, detail: foreign.json().detail })
  })

  test('without a token, and for what is no id', async () => {
    const answer = await shop.runtime.app.inject({ url: `/orders/${newId()}/events` })
    expect([answer.statusCode, slugOf(answer)]).toEqual([401, 'unauthenticated'])
    expect((await ask('x')).statusCode).toBe(400)
  })

  test('to who has five already, until one of them ends; others are told', async () => {
    const id = await placed()
    const listeners = await Promise.all(Array.from({ length: 5 }, () => Listener.to(id)))
    const refused = await ask(id)
    expect([refused.statusCode, slugOf(refused), refused.headers['retry-after']]).toEqual([
      429,
      'too-many-streams',
      '1',
    ])
    const neighbour = newId()
    const other = await Listener.to(await placed(neighbour), { as: neighbour })
    expect(other.answer.status).toBe(200)
    listeners[0]?.hangUp()
    await eventually(async () => expect(await openStreams()).toBe(5))
    const sixth = await Listener.to(id)
    expect(sixth.answer.status).toBe(200)
    for (const listener of [...listeners, other, sixth]) listener.hangUp()
  })
})

test('who hangs up is forgotten', async () => {
  const listener = await Listener.to(await placed())
  await eventually(async () => expect(await openStreams()).toBe(1))
  listener.hangUp()
  await nobodyListens()
})

test('HEAD tells what GET would, and holds nothing open', async () => {
  const answer = await fetch(`${address}/orders/${await placed()}/events`, {
    method: 'HEAD',
    headers: shop.authorized(),
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
})

test('an instance that shuts down lets its listeners go, who come again elsewhere', async () => {
  const leaving = await shop.another()
  const id = await placed()
  const listener = await Listener.to(id, { on: await shop.listen(leaving) })
  await eventually(() => expect(listener.statuses).toEqual(['pending']))
  const beganMs = performance.now()
  await leaving.app.close()
  // neither the minute a stream may last nor that for which connections are kept
  expect(performance.now() - beganMs).toBeLessThan(30_000)
  await eventually(() => expect(listener.hasEnded).toBe(true))
  const again = await Listener.to(id, { headers: { 'last-event-id': '1' } })
  await shop.saga.settle(charged(id))
  await eventually(() => expect(again.statuses).toEqual(['paid']))
})
