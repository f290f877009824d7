import { type Envelope, newId, orderCreated, PermanentError, Runtime, statement } from '@order-saga/common'
import { eventually, type TestTokens, testConfig, testTokens } from '@order-saga/common/testing'
import { CONTENT_TYPE } from '../src/contracts/envelope'
import { effectSaga, note, type OnOrder } from './support/effects'
import { asOlderRelease } from './support/older-release'
import { deadLetters, inboxIds, orderEvent, parkedRows, Shop } from './support/shop'

let shop: Shop
let tokens: TestTokens
let service: Runtime
let react: OnOrder
let upgrade = () => {}
const admin = newId()

beforeAll(async () => {
  shop = await Shop.open()
  tokens = await testTokens()
})
beforeEach(async () => {
  react = note
  service = await start()
  await eventually(() => expect(service.bus.isConsuming).toBe(true))
})
afterEach(async () => {
  upgrade()
  await service.stop()
  await shop.reset()
})
afterAll(async () => {
  await tokens.close()
  await shop.close()
})

async function start(): Promise<Runtime> {
  const config = testConfig(shop.urlOf('product-service'), shop.broker.urlOf('product-service'))
  const options = { service: 'product-service', about: 'test', config: { ...config, jwksUrl: tokens.jwksUrl } } as const
  const runtime = await Runtime.create(options)
  runtime.react(effectSaga((book, event) => react(book, event)))
  await runtime.start()
  return runtime
}

const poisoned: OnOrder = () => {
  throw new PermanentError('poison')
}

interface Question {
  readonly path?: string
  readonly reason?: unknown
  readonly as?: 'admin' | 'customer' | 'nobody'
}

async function ask({ path = '', reason, as = 'admin' }: Question) {
  const { statusCode, body } = await service.app.inject({
    method: reason === undefined ? 'GET' : 'POST',
    url: `/admin/dead-letters${path}`,
    headers: as === 'nobody' ? {} : { authorization: tokens.bearer(admin, as) },
    ...(reason !== undefined && { body: { reason } }),
  })
  return { status: statusCode, body: JSON.parse(body) }
}

const list = async (query = '') => (await ask({ path: query })).body
const redrive = (id: string, reason = 'handler fixed') => ask({ path: `/${id}/redrive`, reason })
const discard = (id: string) => ask({ path: `/${id}/discard`, reason: 'not wanted' })

const lone = ({ id }: Envelope) => ({ contentType: CONTENT_TYPE.lone, messageId: id, userId: 'order-service' })
const asBatch = () => ({ contentType: CONTENT_TYPE.batch, messageId: newId(), userId: 'order-service' })

async function publish(...events: Envelope[]): Promise<void> {
  const sender = await shop.raw('order-service')
  for (const event of events) await sender.publish(JSON.stringify(event), lone(event))
}

/** Publishes what becomes dead letters; answers their ids, the oldest first. */
async function kill(...events: Envelope[]): Promise<string[]> {
  const before = (await shop.rows(deadLetters)).length
  await publish(...events)
  return letters(before + events.length)
}

const letters = (count: number): Promise<string[]> =>
  eventually(async () => {
    const { items } = await list()
    expect(items).toHaveLength(count)
    return items.map(({ id }: { id: string }) => id).reverse()
  })

const heard = (...events: Envelope[]) =>
  eventually(async () => expect((await shop.effectIds()).toSorted()).toEqual(events.map(({ id }) => id).toSorted()))

const nothingLeft = async () => {
  expect(await shop.rows(deadLetters)).toEqual([])
  await eventually(async () => expect(await shop.rows(parkedRows)).toEqual([]))
}

const actions = statement<Record<string, unknown>>(
  'actions',
  'SELECT letter_id, event_id, type, reason, action, actor, why, outcome FROM dead_letter_actions ORDER BY id',
)

describe('a redrive', () => {
  it('has the event handled here, once, and says who wanted it and why; the broker hears nothing', async () => {
    react = poisoned
    const event = orderEvent()
    const [id = ''] = await kill(event)
    react = note
    expect(await redrive(id)).toEqual({ status: 200, body: { id, outcome: 'parked', events: 1 } })
    await heard(event)
    await nothingLeft()
    const what = { letter_id: id, event_id: event.id, type: 'order.created', reason: 'poison' }
    const act = { action: 'redrive', actor: admin, why: 'handler fixed', outcome: 'parked' }
    expect(await shop.rows(actions)).toEqual([{ ...what, ...act }])
    await publish(event)
    await eventually(async () => expect(await shop.depthOf('product-service.events')).toBe(0))
    await heard(event)
  })

  it('that comes twice, in turn or at once, has one effect, and the second is told', async () => {
    react = poisoned
    const [first, second] = [orderEvent(), orderEvent()]
    const [one = '', other = ''] = await kill(first, second)
    react = note
    const answers = await Promise.all(Array.from({ length: 10 }, () => redrive(one)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)])
    expect((await redrive(other)).status).toBe(200)
    const again = await redrive(other)
    expect(again).toMatchObject({ status: 409, body: { type: '/problems/dead-letter-settled' } })
    expect(again.body.detail).toMatch(/^It was redriven at 20/)
    await heard(first, second)
    expect(await shop.rows(actions)).toHaveLength(2)
  })

  it('of an event that was handled meanwhile has no second effect', async () => {
    react = poisoned
    const event = orderEvent()
    const [id = ''] = await kill(event)
    const claim = statement('claim', 'INSERT INTO inbox (id) VALUES ($1)')
    await shop.admin.execute(claim, [event.id])
    react = note
    expect((await redrive(id)).body).toEqual({ id, outcome: 'duplicate', events: 0 })
    await nothingLeft()
    expect(await shop.effectIds()).toEqual([])
  })

  it('that fails again ends in a new letter, with all its attempts and the whole story', async () => {
    react = poisoned
    const [id = ''] = await kill(orderEvent())
    react = () => {
      throw new Error('still broken')
    }
    await redrive(id)
    const died = () => eventually(async () => expect(await shop.rows(parkedRows)).toMatchObject([{ attempts: 1 }]))
    await died()
    for (let attempt = 2; attempt <= 8; attempt++) {
      await shop.makeParkedDue()
      await eventually(async () => expect(await shop.rows(parkedRows)).not.toMatchObject([{ attempts: attempt - 1 }]))
    }
    const [letter = ''] = await letters(1)
    const { body } = await ask({ path: `/${letter}` })
    expect(body).toMatchObject({ reason: 'handler_error', attempts: 8, actions: [{ letterId: id, actor: admin }] })
    expect(letter).not.toBe(id)
  })

  it('tries an event that once killed its process, instead of giving it up by its past', async () => {
    react = poisoned
    const event = orderEvent()
    const [id = ''] = await kill(event)
    const begin = statement('begin', 'INSERT INTO delivery_starts VALUES ($1, 5)')
    await shop.admin.execute(begin, [event.id])
    react = note
    await redrive(id)
    await heard(event)
  })
})

describe('a letter that was refused on opening', () => {
  it('of a newer version is refused until the service has learned that version, and handled once then', async () => {
    upgrade = asOlderRelease(orderCreated)
    const event = orderEvent()
    const [id = ''] = await kill(event)
    expect(await redrive(id, 'is it known now?')).toMatchObject({
      status: 422,
      body: { type: '/problems/dead-letter-refused', detail: expect.stringContaining('unsupported_version') },
    })
    expect(await letters(1)).toEqual([id])
    upgrade()
    expect((await redrive(id)).status).toBe(200)
    await heard(event)
    await nothingLeft()
    expect((await shop.rows(actions)).map(({ why, outcome }) => [why, outcome])).toEqual([
      ['is it known now?', 'refused'],
      ['handler fixed', 'parked'],
    ])
  })

  it('of several events in one message is opened event by event', async () => {
    upgrade = asOlderRelease(orderCreated)
    const events = [orderEvent(), orderEvent(), orderEvent()]
    await (await shop.raw('order-service')).publish(JSON.stringify(events), asBatch())
    const ids = await letters(3)
    upgrade()
    for (const id of ids) expect((await redrive(id)).body).toMatchObject({ outcome: 'parked', events: 1 })
    await heard(...events)
  })

  it('as a whole message has its good events handled and its bad ones kept, each as a letter of its own', async () => {
    const [good, bad] = [orderEvent(), orderEvent({ data: {} })]
    const { management, vhost } = shop.broker
    const { channel } = await shop.raw()
    await service.bus.stopConsuming()
    await (await shop.raw('order-service')).publish(JSON.stringify([good, bad]), asBatch())
    const taken = await eventually(async () => {
      const message = await channel.get('product-service.events')
      if (!message) throw new Error('not there yet')
      return message
    })
    // what the broker gives up on: it goes through the dead letter exchange, under the service's key
    channel.nack(taken, false, false)
    await service.stop()
    service = await start()
    const [id = ''] = await letters(1)
    expect((await list()).items).toMatchObject([{ reason: 'broker_dead_letter', type: null, eventId: null }])
    expect((await redrive(id)).body).toMatchObject({ outcome: 'parked', events: 1 })
    await heard(good)
    expect((await list()).items).toMatchObject([{ reason: 'schema', eventId: bad.id }])
    await eventually(async () => expect(await management.get(`/queues/${vhost}/product-service.dead`)).toBeDefined())
  })

  it.each<[string, string, () => string, object]>([
    ['no JSON', 'malformed', () => '{', {}],
    ['no contract can be right about', 'schema', () => JSON.stringify(orderEvent({ id: newId(), data: 7 })), asBatch()],
    ['compressed', 'content_type', () => 'x', { contentEncoding: 'gzip' }],
    ['longer than what is kept', 'only its beginning is here', () => 'x'.repeat(1024 * 1024 + 1), {}],
  ])('is not redriven when it is %s, and the answer says why', async (_what, why, body, options) => {
    const sender = await shop.raw('order-service')
    await sender.publish(body(), { ...lone(orderEvent()), ...options })
    const [id = ''] = await letters(1)
    const answer = await redrive(id)
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringContaining(why) } })
    expect(await letters(1)).toEqual([id])
  })

  it('is still forged, whoever redrives it', async () => {
    const event = orderEvent()
    const forger = await shop.raw()
    await forger.publish(JSON.stringify(event), { ...lone(event), userId: 'shop_admin' })
    const [id = ''] = await letters(1)
    expect((await redrive(id)).body.detail).toContain('forged')
    expect(await shop.effectIds()).toEqual([])
  })
})

describe('a discarded letter', () => {
  it('leaves the list and stays on record; a duplicate of its event is a duplicate, a redrive comes too late', async () => {
    react = poisoned
    const [event, next] = [orderEvent(), orderEvent()]
    const [id = ''] = await kill(event)
    react = note
    expect(await discard(id)).toEqual({ status: 200, body: { id, outcome: 'discarded' } })
    expect(await list()).toEqual({ reasons: [], items: [], next: null })
    expect((await ask({ path: `/${id}` })).body).toMatchObject({
      discardedAt: expect.stringMatching(/^20.*Z$/),
      actions: [{ action: 'discard', actor: admin, why: 'not wanted', actedAt: expect.any(String) }],
    })
    await publish(event, next)
    await heard(next)
    for (const answer of [await discard(id), await redrive(id)])
      expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('discarded') } })
  })
})

describe('the list', () => {
  it('counts by reason, filters, and goes on page by page, the newest first', async () => {
    react = (_book, { data }) => {
      throw new PermanentError(data.fromCart ? 'from_cart' : 'poison')
    }
    const fromCart = [true, false, true, false, true]
    const ids = await kill(...fromCart.map((is) => orderEvent({}, { fromCart: is })))
    const first = await list('?limit=2')
    expect(first.reasons).toMatchObject([
      { reason: 'from_cart', count: 3 },
      { reason: 'poison', count: 2 },
    ])
    const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id)
    const second = await list(`?limit=2&before=${first.next}`)
    const third = await list(`?limit=2&before=${second.next}`)
    expect([first, second, third].flatMap(idsOf)).toEqual(ids.toReversed())
    expect(third.next).toBeNull()
    expect(idsOf(await list('?reason=poison'))).toEqual([ids[3], ids[1]])
    expect(idsOf(await list('?type=order.paid'))).toEqual([])
  })

  it('shows no payment token, not even of an event no contract knows', async () => {
    upgrade = asOlderRelease(orderCreated)
    const event = orderEvent({ remark: 'call me' }, { paymentToken: 'tok_canary' })
    const [id = ''] = await kill(event)
    await (await shop.raw('order-service')).publish('tok_canary', lone(event))
    await letters(2)
    const { body } = await ask({ path: `/${id}` })
    expect(body.content).toMatchObject({ id: event.id, remark: '***', data: { paymentToken: '***' } })
    const everything = await Promise.all((await letters(2)).map((letter) => ask({ path: `/${letter}` })))
    expect(JSON.stringify([everything, await list()])).not.toContain('canary')
  })
})

describe('who may do that', () => {
  it.each<[number, Question]>([
    [401, { as: 'nobody' }],
    [403, { as: 'customer' }],
    [403, { as: 'customer', path: `/${newId()}/redrive`, reason: 'x' }],
    [404, { path: `/${newId()}` }],
    [404, { path: `/${newId()}/redrive`, reason: 'x' }],
    [404, { path: `/${newId()}/discard`, reason: 'x' }],
    [400, { path: `/${newId()}/redrive`, reason: '' }],
    [400, { path: `/${newId()}/discard`, reason: 7 }],
    [400, { path: '/1' }],
    [400, { path: '?limit=0' }],
    [400, { path: '?before=1' }],
    [400, { path: '?colour=red' }],
  ])('%i for %j', async (status, question) => {
    expect((await ask(question)).status).toBe(status)
  })

  it('nobody rewrites what was done: the service itself has no right to', async () => {
    const { pool } = service.database
    for (const sql of ['UPDATE dead_letter_actions SET why = $1', 'DELETE FROM dead_letter_actions WHERE why = $1'])
      await expect(pool.query(sql, [''])).rejects.toThrow('permission denied')
    expect(await shop.rows(inboxIds)).toEqual([])
  })
})
