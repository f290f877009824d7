import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Id, newId, type Runtime, statement } from '@order-saga/common'
import { eventually, onlyAsDescribed, type TestTokens, testConfig, testTokens } from '@order-saga/common/testing'
import { startSimulator } from '../simulator/start-simulator'
import { signatureOf, type WebhookMode } from '../simulator/webhooks'
import { forgetOldWebhooks } from '../src/db/webhooks'
import { SimulatedProvider } from '../src/provider/simulated-provider'
import { buildPaymentService } from '../src/service'
import { paid, reserved } from './given'
import { type Instance, World } from './world'

const SECRET = 'a secret between two'

let world: World
let tokens: TestTokens
let service: Runtime
let url: string
let impatient: Instance
let orderId: Id

beforeAll(async () => {
  world = await World.create()
  tokens = await testTokens()
  impatient = world.instance(world.silentProvider)
  // HTTP is served with the broker away
  const config = {
    ...testConfig(world.db.url, 'amqp://127.0.0.1:1'),
    jwksUrl: tokens.jwksUrl,
    providerUrl: world.simulator.url,
    providerTimeoutMs: 5_000,
    stripeKey: '',
    stripeUrl: 'http://127.0.0.1:1',
    webhookSecret: SECRET,
    // no timer helps: what is asked again soon is asked because of a webhook
    sweepMs: 60_000,
    graceMs: 60_000,
    orderDeadlineMs: 60_000,
  }
  service = onlyAsDescribed(await buildPaymentService(config))
  url = `${await service.start()}/webhooks/provider`
})
afterAll(async () => {
  await service.stop()
  await tokens.close()
  await world.close()
})
beforeEach(() => {
  orderId = newId()
})
afterEach(() => world.forgetPayments())

const about = (facts: object = {}) =>
  JSON.stringify({
    id: `evt_${newId()}`,
    type: 'charge.succeeded',
    reference: orderId,
    amountMinor: 6980,
    currency: 'EUR',
    livemode: false,
    ...facts,
  })

const nowS = () => Math.floor(Date.now() / 1000)

const post = (payload: string, signature = signatureOf(SECRET, payload)) =>
  service.app.inject({
    method: 'POST',
    url: '/webhooks/provider',
    headers: { 'content-type': 'application/json', ...(signature !== '' && { 'webhook-signature': signature }) },
    payload,
  })

const counted = (outcome: string) => countOf('payment_webhooks_total', { outcome })
const alarmsAbout = (reason: string) => countOf('payment_alarms_total', { reason })

async function countOf(metric: string, wanted: Record<string, string>): Promise<number> {
  const { values } = await (service.metrics.registry.getSingleMetric(metric)?.get() ??
    Promise.reject(new Error('not counted')))
  const matching = values.filter(({ labels }) =>
    Object.entries(wanted).every(([name, value]) => labels[name as keyof typeof labels] === value),
  )
  return matching.reduce((sum, { value }) => sum + value, 0)
}

const countRows = statement<{ count: number }>('test-webhooks', 'SELECT count(*)::int AS count FROM provider_webhooks')
const remembered = async () => (await service.database.query(countRows))[0]?.count

/** A payment whose first call left its outcome unknown. */
async function unknown(paymentToken: string, mode?: string): Promise<void> {
  if (mode) await world.fault({ mode, count: 1 })
  await impatient.hear(reserved({ orderId, paymentToken }))
  await impatient.worker.drain()
  expect(await world.payment(orderId)).toMatchObject({ state: 'charging', attempts: 1 })
}

const received = { statusCode: 200, body: '{"received":true}' }

describe('an unknown outcome is asked for at once', () => {
  test('when the provider says that it charged', async () => {
    await unknown('tok_timeoutAfterCharge')
    expect(await post(about())).toMatchObject(received)
    await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded']))
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  })

  test('when the provider says that it declined', async () => {
    await unknown('tok_chargeDeclined', 'error-after')
    expect(await post(about({ type: 'charge.declined' }))).toMatchObject(received)
    await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.failed']))
  })

  test('and its answer alone counts, whatever the webhook says', async () => {
    await unknown('tok_chargeDeclined', 'error-after')
    await post(about({ type: 'charge.succeeded' }))
    await eventually(async () => expect(await world.toldTypes(orderId)).toEqual(['payment.failed']))
  })

  test('beside a first call that hangs, once that has had time for its own answer', async () => {
    const { provider } = world
    const hanging = world.doomed({
      charge: async (request) => {
        await provider.charge(request)
        return new Promise<never>(() => {})
      },
      find: (id) => provider.find(id),
    })
    await hanging.hear(reserved({ orderId }))
    await eventually(async () => expect(await world.movements(orderId)).toEqual(['charge 6980']))
    await post(about())
    expect((await world.payment(orderId)).wait_s).toBeLessThanOrEqual(1)
    await eventually(async () => {
      await hanging.worker.sweep()
      expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
    })
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  })
})

describe('is refused and leaves no trace', () => {
  const body = about({ id: 'evt_refused' })
  const digest = (signature: string) => signature.replace(/^t=\d+,v1=/, '')

  test.each<[string, string, string?]>([
    ['without a signature', ''],
    ['with something else', 'Bearer e30.e30.e30'],
    ['signed with another secret', signatureOf('another secret', body)],
    ['signed five minutes and more ago', signatureOf(SECRET, body, nowS() - 302)],
    // much more, since this is signed when the file is read
    ['signed in five minutes and more', signatureOf(SECRET, body, nowS() + 900)],
    ['with another time than it was signed at', `t=${nowS()},v1=${digest(signatureOf(SECRET, body, nowS() - 7))}`],
    ['with two times', `t=1,${signatureOf(SECRET, body)}`],
    ['with no digest', `t=${nowS()}`],
    ['with half a digest', signatureOf(SECRET, body).slice(0, -32)],
    ['changed after it was signed', signatureOf(SECRET, body), body.replace('6980', '6981')],
    ['spaced after it was signed', signatureOf(SECRET, body), `${body} `],
    ['made no JSON after it was signed', signatureOf(SECRET, body), body.slice(0, -1)],
  ])('%s', async (_what, signature, sent = body) => {
    const before = await remembered()
    const response = await post(sent, signature)
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Webhook-Signature')
    expect(response.json()).toMatchObject({ type: '/problems/bad-signature' })
    expect(response.body).not.toContain(SECRET)
    expect(await remembered()).toBe(before)
  })

  test('signed as agreed but not valid', async () => {
    const before = await remembered()
    for (const sent of ['{', '[]', about({ amountMinor: '6980' }), about({ id: '' }), about({ id: 'a\u0000b' })])
      expect((await post(sent)).statusCode).toBe(400)
    expect(await remembered()).toBe(before)
  })
})

test('is taken a little late or early, and with a second digest of a secret that is new', async () => {
  for (const atS of [nowS() - 290, nowS() + 290]) {
    const body = about()
    expect(await post(body, signatureOf(SECRET, body, atS))).toMatchObject(received)
  }
  const body = about()
  const [time, right] = signatureOf(SECRET, body).split(',')
  expect(await post(body, `${time},v1=${'0'.repeat(64)},${right}`)).toMatchObject(received)
})

describe('has no effect', () => {
  test('when it is replayed, in turn or at once', async () => {
    await unknown('tok_providerDown')
    const repeats = await counted('repeated')
    const body = about()
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body)))
    for (const answer of answers) expect(answer).toMatchObject(received)
    await eventually(async () => expect(await world.payment(orderId)).toMatchObject({ attempts: 2 }))
    expect(await post(body)).toMatchObject(received)
    expect(await counted('repeated')).toBe(repeats + 10)
    expect(await world.payment(orderId)).toMatchObject({ attempts: 2 })
  })

  test('when the payment is not ours, or no id of ours at all', async () => {
    const before = await counted('unknown_payment')
    for (const reference of [newId(), 'inv_42', "'; DROP TABLE payments"])
      expect(await post(about({ reference }))).toMatchObject(received)
    expect(await counted('unknown_payment')).toBe(before + 3)
  })

  test.each([{ amountMinor: 6981 }, { currency: 'USD' }])('but an alarm when it says %j', async (facts) => {
    await unknown('tok_timeoutAfterCharge')
    const [before, alarms] = [await world.payment(orderId), await alarmsAbout('webhook_amount_differs')]
    expect(await post(about(facts))).toMatchObject(received)
    const { wait_s: _clock, ...after } = await world.payment(orderId)
    expect(before).toMatchObject(after)
    expect(await alarmsAbout('webhook_amount_differs')).toBe(alarms + 1)
  })

  test('when all is known', async () => {
    await impatient.hear(reserved({ orderId }))
    await impatient.worker.drain()
    await impatient.hear(paid({ orderId }))
    const before = await world.payment(orderId)
    await post(about({ type: 'refund.succeeded' }))
    expect(await world.payment(orderId)).toEqual(before)
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
  })
})

test('what it brought is forgotten after thirty days, and recognised until then', async () => {
  const insert = statement(
    'test-old-webhooks',
    `INSERT INTO provider_webhooks SELECT id, now() - age FROM (VALUES
       ('old', interval '31 days'), ('young', interval '29 days')) AS given(id, age)`,
  )
  await service.database.execute(insert)
  await forgetOldWebhooks(service.database)
  const { rows } = await service.database.pool.query(`SELECT id FROM provider_webhooks WHERE id IN ('old', 'young')`)
  expect(rows).toEqual([{ id: 'young' }])
})

test('the simulated provider signs as agreed, and says nothing, everything once or everything twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'provider-'))
  const webhooks = { url, secret: SECRET, mode: 'twice' } as const
  const simulator = await startSimulator({ port: 0, ledgerFile: join(folder, 'ledger.ndjson'), webhooks })
  const provider = new SimulatedProvider({ providerUrl: simulator.url, providerTimeoutMs: 5_000 })
  const chargeAs = async (mode: WebhookMode) => {
    const headers = { 'content-type': 'application/json' }
    await fetch(`${simulator.url}/faults`, { method: 'POST', headers, body: JSON.stringify({ webhooks: mode }) })
    const order = { orderId: newId(), amountMinor: 100, currency: 'EUR' }
    await provider.charge({ key: order.orderId, ...order, paymentToken: 'tok_visa' })
  }
  const counts = async () => [await counted('unknown_payment'), await counted('repeated')]
  const [first = 0, repeated = 0] = await counts()
  await chargeAs('off')
  await chargeAs('once')
  await eventually(async () => expect(await counts()).toEqual([first + 1, repeated]))
  await chargeAs('twice')
  await eventually(async () => expect(await counts()).toEqual([first + 2, repeated + 1]))
  await simulator.close()
  rmSync(folder, { recursive: true })
})
