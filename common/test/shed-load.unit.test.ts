import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import type { App } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { testApp } from './support/app'

const config = { access: 'public' } as const
const LIMIT = 3

let app: App
let release = () => {}
let url = ''

async function start(load: { maxRequests: number; maxDelayMs: number }): Promise<void> {
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  app = await testApp({ authenticate: async () => Promise.reject(new Error('nobody')), load })
  app.get('/held', { config }, async () => {
    await released
    return {}
  })
  app.get('/things', { config }, async () => ({}))
  app.post('/things', { config }, async () => ({}))
  app.get('/livez', { config }, async () => ({}))
  url = await app.listen({ port: 0, host: '127.0.0.1' })
}

afterEach(async () => {
  release()
  await app.close()
})

const hold = (count: number) => Array.from({ length: count }, () => fetch(`${url}/held`))
const read = () => fetch(`${url}/things`)
const write = () => fetch(`${url}/things`, { method: 'POST' })

describe('a service with as many requests in hand as it takes', () => {
  beforeEach(() => start({ maxRequests: LIMIT, maxDelayMs: 60_000 }))

  it('refuses what changes something, in no time and with a hint when to come again', async () => {
    const held = hold(LIMIT)
    const refused = await eventually(async () => {
      const answer = await write()
      expect(answer.status).toBe(503)
      return answer
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(await refused.json()).toMatchObject({ type: '/problems/overloaded', status: 503 })
    expect((await read()).status).toBe(200)
    release()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await write()).status).toBe(200)
  })

  it('with twice as many answers nobody but who asks how it is', async () => {
    const held = hold(2 * LIMIT)
    await eventually(async () => expect((await read()).status).toBe(503))
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    release()
    await Promise.all(held)
    expect((await read()).status).toBe(200)
  })

  it('counts nobody who has hung up', async () => {
    const { port } = app.server.address() as AddressInfo
    const gone = Array.from({ length: LIMIT }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.write('GET /held HTTP/1.1\r\nhost: shop\r\n\r\n')
      return socket
    })
    await eventually(async () => expect((await write()).status).toBe(503))
    await Promise.all(
      gone.map((socket) => {
        socket.destroy()
        return once(socket, 'close')
      }),
    )
    await eventually(async () => expect((await write()).status).toBe(200))
  })
})

const blockFor = (ms: number) => {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}

/** Keeps the event loop busy, with a gap for timers and the network now and then. */
async function busy(ms: number, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    blockFor(ms)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

it('a service whose event loop is late again and again refuses, until it is not', async () => {
  await start({ maxRequests: 1_000, maxDelayMs: 150 })
  expect((await read()).status).toBe(200)
  await eventually(async () => {
    await busy(700, 2)
    expect((await read()).status).toBe(503)
  }, 15_000)
  await eventually(async () => expect((await read()).status).toBe(200), 15_000)
}, 40_000)
