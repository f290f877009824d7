import { newId, statement } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Options } from 'amqplib'
import { CONTENT_TYPE } from '../src/contracts/envelope'
import { effectSaga } from './support/effects'
import { deadLetters, inboxIds, type Loose, orderEvent, type Plumbing, Shop } from './support/shop'

let shop: Shop
beforeAll(async () => {
  shop = await Shop.open()
})
afterAll(() => shop.close())

type Body = Buffer | string
const utf = (value: unknown): string => JSON.stringify(value)
const lone = (messageId: unknown): Loose<Options.Publish> => ({
  contentType: CONTENT_TYPE.lone,
  messageId: String(messageId),
  userId: 'order-service',
})
const asBatch = { contentType: CONTENT_TYPE.batch, userId: 'order-service', messageId: newId() }

/** A message about one event, wrong in one way. */
function wrong(overrides: Record<string, unknown>, data?: object): [Body, Loose<Options.Publish>] {
  const event = orderEvent(overrides)
  return [utf({ ...event, ...(data && { data: { ...(event.data as object), ...data } }) }), lone(event.id)]
}

const text = (change: (json: string) => Body, options: Loose<Options.Publish> = {}): [Body, Loose<Options.Publish>] => {
  const event = orderEvent()
  return [change(utf(event)), { ...lone(event.id), ...options }]
}

const line = { productId: newId(), quantity: 1 }
const withQuantity = (quantity: unknown) => wrong({}, { lines: [{ ...line, quantity }] })
const LARGE = 'x'.repeat(1024 * 1024)

const cases: [string, string, () => [Body, Loose<Options.Publish>]][] = [
  [
    'a body that is not UTF-8',
    'malformed',
    () => text((json) => Buffer.concat([Buffer.from([0xff]), Buffer.from(json)])),
  ],
  ['a body that is not JSON', 'malformed', () => text((json) => json.slice(0, -1))],
  ['an empty body', 'malformed', () => text(() => '')],
  ['JSON null', 'schema', () => text(() => 'null')],
  ['a JSON array in a lone message', 'schema', () => text((json) => `[${json}]`)],
  ['a JSON string', 'schema', () => text(() => '"x"')],
  ['an object in a batch message', 'schema', () => text((json) => json, { contentType: CONTENT_TYPE.batch })],
  ['an empty batch', 'schema', () => ['[]', asBatch]],
  ['no content type', 'content_type', () => text((json) => json, { contentType: undefined })],
  ['plain JSON', 'content_type', () => text((json) => json, { contentType: 'application/json' })],
  ['a compressed body', 'content_type', () => text((json) => json, { contentEncoding: 'gzip' })],
  ['no event id', 'envelope', () => wrong({ id: undefined })],
  ['an event id that is a UUIDv4', 'envelope', () => wrong({ id: '8c5f1c0e-6f0e-4b5a-9d0f-0d6b1a6a2f11' })],
  ['a message id that differs from the event id', 'envelope', () => text((json) => json, { messageId: newId() })],
  ['another specversion', 'envelope', () => wrong({ specversion: '0.3' })],
  ['a type that differs from the routing key', 'envelope', () => wrong({ type: 'order.paid' })],
  ['no correlation id', 'envelope', () => wrong({ correlationid: undefined })],
  ['a time that is none', 'envelope', () => wrong({ time: 'yesterday' })],
  ['a time that only a lenient reader takes for one', 'envelope', () => wrong({ time: '1' })],
  ['a time in a year that no database knows', 'envelope', () => wrong({ time: '0000-01-01T00:00:00Z' })],
  ['a subject that is a number', 'envelope', () => wrong({ subject: 7 })],
  ['a subject that is not the order', 'envelope', () => wrong({ subject: newId() })],
  [
    'an unknown major version',
    'unsupported_version',
    () => wrong({ dataschema: 'urn:order-saga:event:order.created:2' }),
  ],
  ['a malformed dataschema', 'schema', () => wrong({ dataschema: 'order.created' })],
  ["another event's dataschema", 'schema', () => wrong({ dataschema: 'urn:order-saga:event:order.paid:2' })],
  ['no dataschema', 'schema', () => wrong({ dataschema: undefined })],
  ['a source that is not the publisher', 'forged', () => wrong({ source: 'payment-service' })],
  ['a missing required field', 'schema', () => wrong({}, { customerId: undefined })],
  ['a required field that is null', 'schema', () => wrong({}, { customerId: null })],
  ['no data', 'schema', () => wrong({ data: undefined })],
  ['quantity -1', 'schema', () => withQuantity(-1)],
  ['quantity 0', 'schema', () => withQuantity(0)],
  ['quantity 1.5', 'schema', () => withQuantity(1.5)],
  ['quantity "2"', 'schema', () => withQuantity('2')],
  ['quantity 1e21', 'schema', () => withQuantity(1e21)],
  ['no lines', 'schema', () => wrong({}, { lines: [] })],
  ['51 lines', 'schema', () => wrong({}, { lines: Array(51).fill(line) })],
  [
    '__proto__ as a key',
    'schema',
    () => text((json) => json.replace('"data":{', '"data":{"__proto__":{"polluted":1},')),
  ],
  [
    'constructor.prototype as keys',
    'schema',
    () => text((json) => json.replace('"data":{', '"data":{"constructor":{"prototype":{"polluted":1}},')),
  ],
  ['toString as a product id', 'schema', () => wrong({}, { lines: [{ productId: 'toString', quantity: 1 }] })],
  ['NUL in a string', 'schema', () => wrong({}, { paymentToken: 'tok\u0000' })],
  ['NUL in a field nobody knows', 'schema', () => wrong({}, { remark: '\\\u0000' })],
  ['a lone surrogate', 'schema', () => wrong({}, { paymentToken: '\ud800' })],
  ['a lone surrogate in a field nobody knows', 'schema', () => wrong({}, { remark: '\\\udc00' })],
  ['a lone surrogate as a key nobody knows', 'schema', () => wrong({}, { 'x\ud83d': 1 })],
  ['a deadline in a leap second', 'schema', () => wrong({}, { deadlineAt: '2026-12-31T23:59:60Z' })],
  ['a deadline in the year 0', 'schema', () => wrong({}, { deadlineAt: '0000-01-01T00:00:00Z' })],
  ['a deadline of an odd time zone', 'schema', () => wrong({}, { deadlineAt: '2026-01-01T00:00:00+23:59' })],
  [
    '100,000 nested arrays',
    'schema',
    () => text((json) => json.replace('"data":{', `"data":{"x":${'['.repeat(1e5)}${']'.repeat(1e5)},`)),
  ],
  ['a body of more than 1 MiB', 'too_large', () => wrong({}, { remark: LARGE })],
  ['501 events', 'too_large', () => [utf(Array(501).fill(orderEvent())), asBatch]],
]

describe('a message that cannot be opened', () => {
  let service: Plumbing
  let sender: Awaited<ReturnType<Shop['raw']>>
  beforeAll(async () => {
    service = await shop.start('product-service', { saga: effectSaga() })
    sender = await shop.raw('order-service')
  })
  afterAll(() => shop.reset())

  it.each(cases)('%s becomes a dead letter: %s', async (_what, reason, make) => {
    const before = await shop.rows(deadLetters)
    const neighbours = [orderEvent(), orderEvent()]
    const [body, options] = make()
    await sender.publish(utf(neighbours[0]), lone(neighbours[0]?.id))
    await sender.publish(body, options)
    await sender.publish(utf(neighbours[1]), lone(neighbours[1]?.id))
    const ids = neighbours.map((event) => event.id)
    await eventually(async () => expect((await shop.effectIds()).slice(-2)).toEqual(ids))
    const dead = (await shop.rows(deadLetters)).slice(before.length)
    expect(dead).toMatchObject([{ reason, attempts: 1, broker_user: 'order-service' }])
    expect(dead[0]?.raw?.length).toBe(Math.min(Buffer.byteLength(body), 1024 * 1024))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('is acknowledged like any other', async () => {
    await service.bus.stopConsuming()
    await service.consumer?.drain()
    await service.stop()
    expect(await shop.depthOf('product-service.events')).toBe(0)
    expect(await shop.rows(inboxIds)).toHaveLength(2 * cases.length)
  })
})

it('an unreadable message that is delivered again is the same dead letter, unless that one was discarded', async () => {
  await shop.start('product-service', { saga: effectSaga() })
  const sender = await shop.raw('order-service')
  const id = newId()
  const sends = (messageId: string) => sender.publish('{', lone(messageId))
  const letters = statement(
    'letters-of-one',
    `SELECT attempts, discarded_at IS NOT NULL AS "isGone" FROM dead_letters
     WHERE properties ->> 'messageId' = '${id}' ORDER BY id`,
  )
  const areLetters = (...expected: object[]) =>
    eventually(async () => expect(await shop.rows(letters)).toEqual(expected))
  await sends(id)
  await sends(id)
  // the same bytes, but another message
  await sends(newId())
  await areLetters({ attempts: 2, isGone: false })
  await eventually(async () => expect(await shop.rows(deadLetters)).toHaveLength(2))
  await shop.rows(statement('discard-all', 'UPDATE dead_letters SET discarded_at = now()'))
  await sends(id)
  await areLetters({ attempts: 2, isGone: true }, { attempts: 1, isGone: false })
  await shop.reset()
})

describe('who said it', () => {
  afterEach(() => shop.reset())
  const heard = (id: string) => eventually(async () => expect(await shop.effectIds()).toContain(id))
  const reasons = async () => (await shop.rows(deadLetters)).map(({ reason, event_id }) => ({ reason, event_id }))

  it('an event without a verified user is unauthenticated, one of another user forged', async () => {
    await shop.start('product-service', { saga: effectSaga() })
    const { publish } = await shop.raw()
    for (const options of [{}, { userId: 'shop_admin' }]) {
      const event = orderEvent()
      await publish(utf(event), { contentType: CONTENT_TYPE.lone, messageId: event.id, ...options })
    }
    const expected = ['unauthenticated', 'forged'].map((reason) => ({ reason, event_id: null }))
    await eventually(async () => expect(await reasons()).toEqual(expected))
    expect(await shop.effectIds()).toEqual([])
  })

  it('a forged event cannot take the place of a genuine one with its id', async () => {
    await shop.start('product-service', { saga: effectSaga() })
    const genuine = orderEvent()
    const forger = await shop.raw()
    const options = { contentType: CONTENT_TYPE.lone, messageId: genuine.id }
    for (const userId of [undefined, 'shop_admin']) await forger.publish(utf(genuine), { ...options, userId })
    await forger.publish(utf([{ ...genuine, data: {} }]), { ...asBatch, userId: 'shop_admin' })
    await eventually(async () => expect(await reasons()).toHaveLength(3))
    const { publish } = await shop.raw('order-service')
    await publish(utf(genuine), lone(genuine.id))
    await heard(genuine.id)
  })

  it('a type nobody declared is dead though its key is bound', async () => {
    const { management, vhost } = shop.broker
    const binding = { routing_key: 'order.invented' }
    await management.post(`/bindings/${vhost}/e/shop.events/q/product-service.events`, binding)
    await shop.start('product-service', { saga: effectSaga() })
    const event = orderEvent({ type: 'order.invented' })
    const { publish } = await shop.raw()
    await publish(utf(event), { contentType: CONTENT_TYPE.lone, messageId: event.id }, 'order.invented')
    await eventually(async () => expect(await reasons()).toEqual([{ reason: 'unknown_type', event_id: null }]))
    await management.delete(`/bindings/${vhost}/e/shop.events/q/product-service.events/order.invented`)
  })

  it('one wrong event of a batch message is dead, the others are handled', async () => {
    await shop.start('product-service', { saga: effectSaga() })
    const [first, second, third] = [orderEvent(), orderEvent({ data: {} }), orderEvent()]
    const { publish } = await shop.raw('order-service')
    await publish(utf([first, second, third]), asBatch)
    await heard(third?.id ?? '')
    expect(await shop.effectIds()).toEqual([first?.id, third?.id])
    expect(await reasons()).toEqual([{ reason: 'schema', event_id: second?.id }])
  })

  it('fields nobody knows, pairs of surrogates and times of another year are accepted', async () => {
    await shop.start('product-service', { saga: effectSaga() })
    const { publish } = await shop.raw('order-service')
    const old = orderEvent({ time: '2024-01-01T00:00:00Z', extension: 'x' })
    const event = { ...old, data: { ...(old.data as object), giftWrap: '\\ud83d 🎁' } }
    const body = utf(event).replace('🎁', '\\ud83c\\udf81')
    await publish(body, { ...lone(event.id), priority: 9, expiration: '60000', CC: ['order.paid'] })
    await heard(event.id)
  })

  it('what the broker has given up on becomes a dead letter of the service', async () => {
    await shop.start('product-service', { saga: effectSaga() })
    const { channel } = await shop.raw()
    const event = orderEvent()
    channel.publish('shop.dead', 'product-service', Buffer.from(utf(event)), lone(event.id) && { messageId: event.id })
    await eventually(async () => expect(await reasons()).toEqual([{ reason: 'broker_dead_letter', event_id: null }]))
    const [dead] = await shop.rows(deadLetters)
    expect(JSON.parse(dead?.raw?.toString() ?? '')).toEqual(event)
    await eventually(async () => expect(await shop.depthOf('product-service.dead')).toBe(0))
  })
})
