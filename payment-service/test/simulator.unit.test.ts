import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Simulator, startSimulator } from '../simulator/start-simulator'

let directory: string
let ledgerFile: string
let simulator: Simulator

const start = async () => {
  simulator = await startSimulator({ port: 0, ledgerFile, lateMs: 50 })
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-'))
  ledgerFile = join(directory, 'ledger.ndjson')
  await start()
})

afterEach(async () => {
  await simulator.close()
  rmSync(directory, { recursive: true })
})

interface Answer {
  status: number
  body: { id?: string; status?: string; reason?: string; error?: string }
}

async function post(path: string, key: string, body: object, patienceMs = 5_000): Promise<Answer> {
  const response = await fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

const order = { amountMinor: 4_200, currency: 'EUR', reference: 'order-1' }
const charge = (paymentToken: string, key = 'key-1', change: object = {}) =>
  post('/v1/charges', key, { ...order, paymentToken, ...change })
const impatientCharge = (paymentToken: string, key = 'key-1') =>
  post('/v1/charges', key, { ...order, paymentToken }, 100)
const refund = (key: string, amountMinor = order.amountMinor, change: object = {}) =>
  post('/v1/refunds', key, { amountMinor, reference: order.reference, ...change })
const fault = (body: object) => post('/faults', 'none', body)

async function charges(reference = order.reference): Promise<{ id: string; refundedMinor: number }[]> {
  const response = await fetch(`${simulator.url}/v1/charges?reference=${reference}`)
  return ((await response.json()) as { charges: { id: string; refundedMinor: number }[] }).charges
}

const linesOnDisk = () => readFileSync(ledgerFile, 'utf8').split('\n').filter(Boolean)

describe('a charge', () => {
  it('is in the ledger on disk before it is answered', async () => {
    const { status, body } = await charge('tok_visa')
    expect(status).toBe(200)
    expect(body).toMatchObject({ ...order, status: 'succeeded', id: expect.stringMatching(/^ch_/) })
    expect(JSON.parse(linesOnDisk()[0] ?? '')).toMatchObject({ type: 'charge', key: 'key-1', id: body.id, ...order })
  })

  it('happens once, however often and however much at once it is asked for under one key', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => charge('tok_visa')))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(await charges()).toHaveLength(1)
  })

  it.each([{ amountMinor: 1 }, { currency: 'USD' }, { reference: 'order-2' }])(
    'is refused when its key already stands for something else: %o',
    async (change) => {
      await charge('tok_visa')
      expect(await charge('tok_visa', 'key-1', change)).toMatchObject({
        status: 422,
        body: { error: 'idempotency_key_reused' },
      })
    },
  )

  it('without a key is refused', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ ...order, paymentToken: 'tok_visa' })
    expect((await fetch(`${simulator.url}/v1/charges`, { method: 'POST', headers, body })).status).toBe(400)
  })

  it('of nothing, or of a part of a cent, is refused', async () => {
    for (const amountMinor of [0, -1, 0.5]) expect((await charge('tok_visa', 'key', { amountMinor })).status).toBe(400)
    expect(linesOnDisk()).toHaveLength(0)
  })
})

describe('a card', () => {
  it.each([
    ['tok_chargeDeclined', 'declined'],
    ['tok_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['tok_chargeDeclinedExpiredCard', 'card_expired'],
    ['tok_invalid', 'invalid_payment_method'],
    ['toString', 'invalid_payment_method'],
  ])('%s is declined as %s, and its key remembers it', async (token, reason) => {
    const declined = { status: 402, body: { status: 'declined', reason } }
    expect(await charge(token)).toEqual(declined)
    expect(await charge('tok_visa')).toEqual(declined)
    expect(await charges()).toHaveLength(0)
  })

  it('tok_timeoutAfterCharge is charged, and only a second request learns of it', async () => {
    await expect(impatientCharge('tok_timeoutAfterCharge')).rejects.toThrow('timeout')
    const [charged] = await charges()
    expect(await charge('tok_timeoutAfterCharge')).toMatchObject({ status: 200, body: { id: charged?.id } })
    expect(await charges()).toHaveLength(1)
  })

  it('tok_executesLate shows nothing, then is in progress, then is charged once', async () => {
    await simulator.close()
    simulator = await startSimulator({ port: 0, ledgerFile, lateMs: 400 })
    await expect(impatientCharge('tok_executesLate')).rejects.toThrow('timeout')
    expect(await charges()).toHaveLength(0)
    expect(await charge('tok_executesLate')).toEqual({ status: 409, body: { error: 'in_progress' } })
    let answer = await charge('tok_executesLate')
    while (answer.status === 409) answer = await charge('tok_executesLate')
    expect(answer).toMatchObject({ status: 200, body: { id: (await charges())[0]?.id } })
    expect(await charges()).toHaveLength(1)
  })

  it('tok_providerDown never gets through, tok_providerDownOnce at the third attempt', async () => {
    for (const _ of [1, 2, 3]) expect((await charge('tok_providerDown', 'key-a')).status).toBe(503)
    const statuses = []
    for (const _ of [1, 2, 3]) statuses.push((await charge('tok_providerDownOnce', 'key-b')).status)
    expect(statuses).toEqual([503, 503, 200])
    expect(await charges()).toHaveLength(1)
  })

  it('tok_slow is charged at once and answered later', async () => {
    const answer = charge('tok_slow')
    while ((await charges()).length === 0);
    const begun = performance.now()
    expect(await answer).toMatchObject({ status: 200 })
    expect(performance.now() - begun).toBeGreaterThan(500)
  })
})

describe('a refund', () => {
  it('gives back what was captured, once under one key', async () => {
    await charge('tok_visa')
    const first = await refund('refund-1')
    expect(first).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^re_/), status: 'succeeded' } })
    expect(await refund('refund-1')).toEqual(first)
    expect(await charges()).toMatchObject([{ refundedMinor: order.amountMinor, refunds: [{ id: first.body.id }] }])
  })

  it('never exceeds what was captured, even when two are asked for at once', async () => {
    await charge('tok_visa')
    const answers = await Promise.all([refund('refund-1'), refund('refund-2'), refund('refund-3', 5_000)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it('may come in parts up to the whole', async () => {
    await charge('tok_visa')
    const statuses = []
    for (const key of ['a', 'b', 'c']) statuses.push((await refund(key, 2_100)).status)
    expect(statuses).toEqual([200, 200, 409])
  })

  it('of an unknown charge or under a reused key is refused', async () => {
    await charge('tok_visa')
    expect((await refund('refund-1', 1, { chargeId: 'ch_unknown' })).status).toBe(404)
    expect((await refund('refund-1', 1, { reference: 'order-2' })).status).toBe(404)
    expect((await refund('key-1')).status).toBe(422)
  })
})

describe('the ledger', () => {
  it('survives a restart with its keys', async () => {
    const { body } = await charge('tok_visa')
    await charge('tok_chargeDeclined', 'key-2')
    await simulator.close()
    await start()
    expect((await charge('tok_visa')).body.id).toBe(body.id)
    expect((await charge('tok_visa', 'key-2')).status).toBe(402)
    expect(await charges()).toHaveLength(1)
  })

  it('drops a line that a crash cut off', async () => {
    await charge('tok_visa')
    await simulator.close()
    appendFileSync(ledgerFile, '{"type":"charge","id":"ch_half","refer')
    await start()
    await charge('tok_visa', 'key-2')
    expect(linesOnDisk().map((line) => JSON.parse(line).key)).toEqual(['key-1', 'key-2'])
  })

  it('shows auditors everything, or everything about one reference', async () => {
    await charge('tok_visa')
    await charge('tok_chargeDeclined', 'key-2', { reference: 'order-2' })
    await refund('refund-1')
    const typesOf = async (query: string) => {
      const { entries } = (await (await fetch(`${simulator.url}/v1/ledger${query}`)).json()) as {
        entries: { type: string }[]
      }
      return entries.map(({ type }) => type)
    }
    expect(await typesOf('')).toEqual(['charge', 'decline', 'refund'])
    expect(await typesOf('?reference=order-1')).toEqual(['charge', 'refund'])
    const lines = await (await fetch(`${simulator.url}/v1/ledger.ndjson`)).text()
    expect(lines).toBe(readFileSync(ledgerFile, 'utf8'))
  })

  it('charges a forgotten key again, as a provider does after a day', async () => {
    await charge('tok_visa')
    await fault({ forgetKeys: true })
    await charge('tok_visa')
    expect(await charges()).toHaveLength(2)
  })
})

describe('a fault', () => {
  it.each([
    ['down', 503, 0],
    ['error-after', 500, 1],
  ])('%s answers %d and leaves %d charge', async (mode, status, count) => {
    await fault({ mode, count: 1 })
    expect((await charge('tok_visa')).status).toBe(status)
    expect(await charges()).toHaveLength(count)
  })

  it.each([
    ['timeout-before', 0],
    ['timeout-after', 1],
  ])('%s leaves the client without an answer and %d charge', async (mode, count) => {
    await fault({ mode, count: 1 })
    await expect(impatientCharge('tok_visa')).rejects.toThrow('timeout')
    expect(await charges()).toHaveLength(count)
  })

  it('lasts until it is taken back', async () => {
    await fault({ mode: 'down' })
    for (const _ of [1, 2, 3]) expect((await charge('tok_visa')).status).toBe(503)
    await fault({ mode: 'ok' })
    expect((await charge('tok_visa')).status).toBe(200)
  })
})
