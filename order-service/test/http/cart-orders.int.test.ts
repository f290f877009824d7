import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { pens } from '../given'
import { type OrderUnderTest, orderUnderTest, slugOf } from '../order-under-test'

// cart-service is somebody else's process: here it is a server that says what the test wants to hear
let answer: (request: IncomingMessage, response: ServerResponse) => void
let carts: Server
let shop: OrderUnderTest
beforeAll(async () => {
  carts = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => carts.listen(0, '127.0.0.1', resolve))
  shop = await orderUnderTest({ cartUrl: `http://127.0.0.1:${(carts.address() as AddressInfo).port}` })
})
afterAll(async () => {
  await shop.close()
  carts.closeAllConnections()
  await new Promise((resolve) => carts.close(resolve))
})

const fromCart = { paymentToken: 'tok_visa' }
const say = (body: unknown, status = 200) => {
  answer = (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const full = {
  customerId: newId(),
  lines: [{ ...pens, name: 'Brass ballpoint pen', unitPriceMinor: 1250 }],
  version: 3,
}

test("without items the caller's cart is ordered, read with the caller's own token", async () => {
  const asked: IncomingMessage[] = []
  answer = (request, response) => {
    asked.push(request)
    response.end(JSON.stringify(full))
  }
  const placed = await shop.place(fromCart)
  expect(placed.statusCode).toBe(202)
  expect((await shop.told(placed.json().id))[0]?.data).toMatchObject({ lines: [pens], fromCart: true })
  expect(asked.map(({ method, url, headers }) => [method, url, headers.authorization?.slice(0, 9)])).toEqual([
    ['GET', '/cart', 'Bearer ey'],
  ])
})

test('an empty cart is nothing to order', async () => {
  say({ lines: [] })
  const refused = await shop.place(fromCart)
  expect([refused.statusCode, slugOf(refused)]).toEqual([409, 'cart-empty'])
})

describe('is answered 503 cart-unavailable with Retry-After:', () => {
  const unavailable: Record<string, () => void> = {
    'cart-service answers 500': () => say({}, 500),
    'cart-service answers 503 with a cart': () => say(full, 503),
    'the cart is no cart': () => say({ lines: [{ productId: 'x', quantity: 0 }] }),
    'the cart has more lines than an order': () =>
      say({ lines: Array.from({ length: 51 }, () => ({ productId: newId(), quantity: 1 })) }),
    'the answer is no JSON': () => {
      answer = (_request, response) => response.end('<html>')
    },
    'the answer breaks off': () => {
      answer = (_request, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('{"lines":')
        response.destroy()
      }
    },
    'the answer leads elsewhere': () => {
      answer = (_request, response) => response.writeHead(302, { location: '/cart' }).end()
    },
    'the answer takes longer than a second': () => {
      answer = () => {}
    },
    'the answer begins and does not end': () => {
      answer = (_request, response) => response.writeHead(200).write('{')
    },
  }

  test.each(Object.keys(unavailable))('%s', async (name) => {
    unavailable[name]?.()
    const beganAtMs = performance.now()
    const refused = await shop.place(fromCart)
    expect([refused.statusCode, slugOf(refused), refused.headers['retry-after']]).toEqual([
      503,
      'cart-unavailable',
      '1',
    ])
    // what waits without a limit of its own waits for minutes
    expect(performance.now() - beganAtMs).toBeLessThan(20_000)
  })

  test('cart-service is not there', async () => {
    const lonely = await shop.another({ cartUrl: 'http://127.0.0.1:1' })
    const refused = await shop.place(fromCart, {}, lonely)
    expect([refused.statusCode, slugOf(refused)]).toEqual([503, 'cart-unavailable'])
  })
})

test('a cart that has changed since does not change the answer to the same key: it is not even read', async () => {
  const asked = { as: newId(), key: 'cart' }
  let reads = 0
  say(full)
  const first = await shop.place(fromCart, asked)
  for (const later of [{ lines: [] }, { lines: [{ productId: newId(), quantity: 9 }] }]) {
    answer = (_request, response) => {
      reads++
      response.end(JSON.stringify(later))
    }
    const again = await shop.place(fromCart, asked)
    expect([again.statusCode, again.body, again.headers['idempotency-replayed']]).toEqual([202, first.body, 'true'])
  }
  expect(reads).toBe(0)
})

test('R17: of two parallel requests with one key the second finds the cart emptied by the first, and replays it', async () => {
  const race = async () => {
    const asked = { as: newId(), key: 'race' }
    // two connections to the database: opening the second may take longer than the cart is waited for
    await Promise.all([shop.get('/orders'), shop.get('/orders')])
    const reading: ServerResponse[] = []
    answer = (_request, response) => void reading.push(response)
    const both = [shop.place(fromCart, asked), shop.place(fromCart, asked)]
    const answers = Promise.all(both)
    await Promise.race([answers, eventually(() => expect(reading).toHaveLength(2))])
    reading[0]?.end(JSON.stringify(full))
    await Promise.race(both)
    reading[1]?.end(JSON.stringify({ lines: [] }))
    return answers
  }
  // a cart is waited for for one second, which a busy machine may need for something else
  const [first, second] = await eventually(async () => {
    const answers = await race()
    expect(answers.map(({ statusCode }) => statusCode)).not.toContain(503)
    return answers
  }, 90_000)
  expect([first?.statusCode, second?.statusCode]).toEqual([202, 202])
  expect(second?.body).toBe(first?.body)
})

test('a refused cart order does not use up its key', async () => {
  const asked = { as: newId(), key: 'refused' }
  say({ lines: [] })
  await eventually(async () => expect((await shop.place(fromCart, asked)).statusCode).toBe(409))
  say(full)
  const placed = await shop.place(fromCart, asked)
  expect([placed.statusCode, placed.headers['idempotency-replayed']]).toEqual([202, undefined])
})
