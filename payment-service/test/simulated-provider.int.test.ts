import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { newId } from '@order-saga/common'
import { eventually, selfSigned } from '@order-saga/common/testing'
import type { Provider } from '../src/provider/provider'
import { SimulatedProvider } from '../src/provider/simulated-provider'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly key: string | string[] | undefined
  readonly traceparent?: string | string[] | undefined
  readonly body: unknown
}

// the outside world at its worst: a real server that answers whatever the test says
let server: Server
let provider: Provider
let answer: (response: ServerResponse) => void
let seen: Seen[]

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { method, url, headers } = request
    const { 'idempotency-key': key, traceparent } = headers
    seen.push({ method, url, key, traceparent, body: text && JSON.parse(text) })
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  provider = new SimulatedProvider({ providerUrl: `http://127.0.0.1:${port}/`, providerTimeoutMs: 1_000 })
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  seen = []
})

const orderId = newId()
const request = { key: `ch_${orderId}`, orderId, amountMinor: 6980, currency: 'EUR', paymentToken: 'tok_visa' }
const refund = { key: `ref_${orderId}`, orderId, amountMinor: 6980, chargeId: 'ch_1' }
const charge = { id: 'ch_1', status: 'succeeded', amountMinor: 6980, currency: 'EUR', reference: orderId }
const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

describe('a charge', () => {
  test('is sent once, under its key, with exactly its amount', async () => {
    answer = json(200, charge)
    expect(await provider.charge(request)).toEqual({ kind: 'succeeded', chargeId: 'ch_1' })
    const body = { amountMinor: 6980, currency: 'EUR', paymentToken: 'tok_visa', reference: orderId }
    expect(seen).toEqual([{ method: 'POST', url: '/v1/charges', key: `ch_${orderId}`, body }])
  })

  test('carries the trace of its order in a header, and nowhere else', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    answer = json(200, charge)
    await provider.charge({ ...request, traceparent })
    await provider.refund({ ...refund, traceparent })
    await provider.find(orderId, traceparent)
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET'])
    for (const one of seen) {
      expect(one.traceparent).toBe(traceparent)
      expect(JSON.stringify(one.body)).not.toContain('traceparent')
    }
  })

  test.each([
    ['declined', 'declined'],
    ['insufficient_funds', 'insufficient_funds'],
    ['card_expired', 'card_expired'],
    ['invalid_payment_method', 'invalid_payment_method'],
    ['stolen_card', 'declined'],
  ])('refused with %s is declined as %s', async (reason, expected) => {
    answer = json(402, { status: 'declined', reason })
    expect(await provider.charge(request)).toEqual({ kind: 'declined', reason: expected })
  })

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['the provider is down', json(503, { error: 'unavailable' }), 'http_503'],
    ['the provider fails', json(500, {}), 'http_500'],
    ['it is in progress', json(409, { error: 'in_progress' }), 'http_409'],
    ['there are too many', json(429, {}), 'http_429'],
    ['the key belongs to another amount', json(422, { error: 'idempotency_key_reused' }), 'http_422'],
    ['it is refused for our own mistake', json(400, {}), 'http_400'],
    ['the provider does not know us', json(401, {}), 'http_401'],
    ['the answer is no JSON', (r) => r.end('<html>'), 'garbage'],
    ['the answer is empty', (r) => r.end(), 'garbage'],
    ['the answer lacks its id', json(200, { status: 'succeeded' }), 'garbage'],
    ['the answer is not a success', json(200, { ...charge, status: 'pending' }), 'garbage'],
    ['the refusal has no reason', json(402, { error: 'payment required' }), 'garbage'],
    ['another amount was charged', json(200, { ...charge, amountMinor: 6981 }), 'mismatch'],
    ['another order was charged', json(200, { ...charge, reference: newId() }), 'mismatch'],
    ['the answer leads elsewhere', (r) => r.writeHead(307, { location: '/v1/elsewhere' }).end(), 'http_307'],
    ['the answer never comes', () => {}, 'timeout'],
    ['the answer never ends', (r) => r.writeHead(200).write('{'), 'timeout'],
    ['the answer is endless', (r) => r.end(`{"id":"${'x'.repeat(70_000)}"}`), 'too_large'],
    ['the connection breaks', (r) => r.destroy(), 'network'],
    ['the connection breaks half way', (r) => r.writeHead(200).write('{"id"', () => r.destroy()), 'network'],
  ])('is unknown, not failed, when %s', async (_what, whatever, why) => {
    answer = whatever
    expect(await provider.charge(request)).toEqual({ kind: 'unknown', why })
    expect(seen).toHaveLength(1)
  })

  test('is unknown when its answer is 100 MiB long, of which hardly anything is taken', async () => {
    let taken = Number.POSITIVE_INFINITY
    answer = (response) => {
      const { socket } = response
      pipeline(Readable.from(Array(100).fill(Buffer.alloc(2 ** 20, 'x'))), response, () => {
        taken = socket?.bytesWritten ?? taken
      })
    }
    expect(await provider.charge(request)).toEqual({ kind: 'unknown', why: 'too_large' })
    await eventually(() => expect(taken).toBeLessThan(5 * 2 ** 20))
  })

  test('is unknown, and never sent, when nobody vouches for the certificate of the provider', async () => {
    let isAsked = false
    const stranger = createTlsServer(selfSigned(), () => {
      isAsked = true
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const { port } = stranger.address() as AddressInfo
    const secured = new SimulatedProvider({ providerUrl: `https://127.0.0.1:${port}`, providerTimeoutMs: 1_000 })
    expect(await secured.charge(request)).toEqual({ kind: 'unknown', why: 'network' })
    expect(isAsked).toBe(false)
    await new Promise((resolve) => stranger.close(resolve))
  })

  test('is unknown when nobody listens', async () => {
    const nobody = new SimulatedProvider({ providerUrl: 'http://127.0.0.1:1', providerTimeoutMs: 200 })
    expect(await nobody.charge(request)).toEqual({ kind: 'unknown', why: 'network' })
  })
})

describe('a refund', () => {
  test('is sent under its own key for the charge it undoes', async () => {
    answer = json(200, { ...charge, id: 're_1' })
    expect(await provider.refund(refund)).toEqual({ kind: 'refunded' })
    const body = { amountMinor: 6980, chargeId: 'ch_1', reference: orderId }
    expect(seen).toEqual([{ method: 'POST', url: '/v1/refunds', key: `ref_${orderId}`, body }])
  })

  test.each([
    [404, 'http_404'],
    [409, 'http_409'],
    [402, 'garbage'],
    [503, 'http_503'],
  ])('answered with %i is unknown', async (status, why) => {
    answer = json(status, { status: 'declined', reason: 'declined' })
    expect(await provider.refund(refund)).toEqual({ kind: 'unknown', why })
  })

  test('of another amount is unknown', async () => {
    answer = json(200, { ...charge, amountMinor: 1 })
    expect(await provider.refund(refund)).toEqual({ kind: 'unknown', why: 'mismatch' })
  })
})

describe('what the provider has on record', () => {
  const recorded = { ...charge, refundedMinor: 0, refunds: [] }

  test('is found by the order', async () => {
    answer = json(200, { charges: [recorded] })
    expect(await provider.find(orderId)).toEqual({
      kind: 'found',
      chargeId: 'ch_1',
      amountMinor: 6980,
      refundedMinor: 0,
    })
    expect(seen).toEqual([{ method: 'GET', url: `/v1/charges?reference=${orderId}`, key: undefined, body: '' }])
  })

  test('may be nothing', async () => {
    answer = json(200, { charges: [] })
    expect(await provider.find(orderId)).toEqual({ kind: 'nothing' })
  })

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['two charges', json(200, { charges: [recorded, { ...recorded, id: 'ch_2' }] }), 'mismatch'],
    ['somebody else’s charge', json(200, { charges: [{ ...recorded, reference: newId() }] }), 'mismatch'],
    ['garbage', json(200, { charges: 'none' }), 'garbage'],
    ['an outage', json(503, {}), 'http_503'],
  ])('is unknown, not nothing, with %s', async (_what, whatever, why) => {
    answer = whatever
    expect(await provider.find(orderId)).toEqual({ kind: 'unknown', why })
  })
})
