import { newId, orderCreated, orderPaid, type Runtime } from '@order-saga/common'
import { eventually, type TestTokens, testTokens } from '@order-saga/common/testing'
import { buildLoggerService } from '../src'
import { journeyNews } from '../src/db/journeys'
import { Follow } from '../src/use-cases/follow'
import { loggerConfig } from './config'
import { type Logger, startLogger } from './logger'
import { happy, newStory } from './stories'

let logger: Logger
let tokens: TestTokens
// two instances over one database; neither hears of an event itself
const services: Runtime[] = []
const urls: string[] = []

beforeAll(async () => {
  ;[logger, tokens] = await Promise.all([startLogger(), testTokens()])
  for (let n = 0; n < 2; n++) {
    const service = await buildLoggerService({ ...loggerConfig(logger.db.url), jwksUrl: tokens.jwksUrl })
    services.push(service)
    urls.push(await service.start())
  }
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await Promise.all([logger.close(), tokens.close()])
})

interface Told {
  readonly id: string | undefined
  readonly event: string
  readonly data: { orderId: string; status?: string; type?: string }
}

/** Listens until told to stop. */
async function listen(path: string, instance: number, lastSeen?: string) {
  const hungUp = new AbortController()
  const headers = { authorization: tokens.bearer(newId(), 'admin'), ...(lastSeen && { 'last-event-id': lastSeen }) }
  const ask = () => fetch(`${urls[instance]}${path}`, { headers, signal: hungUp.signal })
  let response = await ask()
  await eventually(async () => {
    if (response.status === 503) response = await ask()
    expect(response.status).toBe(200)
  }, 10_000)
  let text = ''
  const decoder = new TextDecoder()
  const reading = (async () => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) text += decoder.decode(chunk)
  })().catch(() => {})
  const told = (): Told[] =>
    text
      .split('\n\n')
      .filter((block) => block.includes('data: '))
      .map((block) => ({
        id: /^id: (.*)$/m.exec(block)?.[1],
        event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
        data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') as Told['data'],
      }))
  await eventually(() => expect(text).toMatch(lastSeen ? 'retry' : 'nothing new'), 10_000)
  return {
    response,
    told,
    stop: async () => {
      hungUp.abort()
      await reading
    },
  }
}

test('whoever listens hears of every move, from any instance, and goes on at another one', async () => {
  const first = await listen('/journeys/stream', 0)
  expect(first.response.headers.get('content-type')).toContain('text/event-stream')
  const story = newStory().and(orderCreated)
  await logger.hear(story.events)
  await eventually(
    () =>
      expect(first.told()).toMatchObject([{ event: 'journey', data: { orderId: story.orderId, status: 'pending' } }]),
    10_000,
  )
  const lastSeen = first.told()[0]?.id
  await first.stop()
  // nobody listens
  const missed = happy()
  await logger.hear(missed.events)
  const second = await listen('/journeys/stream', 1, lastSeen)
  await logger.hear(story.and(orderPaid).events.slice(1))
  await eventually(() => {
    const told = second.told().map(({ data }: Told) => [data.orderId, data.status])
    expect(told).toContainEqual([missed.orderId, 'paid'])
    expect(told.at(-1)).toEqual([story.orderId, 'paid'])
  }, 10_000)
  await second.stop()
})

test('events are told as they are written down, with their secrets covered', async () => {
  const listening = await listen('/events/stream', 0)
  const { events } = happy()
  await logger.hear(events)
  await eventually(
    () => expect(listening.told().map(({ data }) => data.type)).toEqual(events.map(({ type }) => type)),
    10_000,
  )
  expect(JSON.stringify(listening.told())).not.toContain('tok_visa')
  await listening.stop()
})

test('what commits late is told of, though others were told before', async () => {
  const listening = await listen('/journeys/stream', 0)
  const [late, early] = [happy(), happy()]
  const client = await logger.database.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(`INSERT INTO journeys (id, heard, status) VALUES ($1, 1, 'pending')`, [late.orderId])
    await logger.hear(early.events)
    const orders = () => listening.told().map(({ data }) => data.orderId)
    await eventually(() => expect(orders()).toContain(early.orderId), 10_000)
    await client.query('COMMIT')
    await eventually(() => expect(orders()).toContain(late.orderId), 10_000)
    // and nothing twice
    expect(orders().toSorted()).toEqual([late.orderId, early.orderId].sort())
  } finally {
    client.release()
    await listening.stop()
  }
})

test('no more listen than there is room for, and whoever leaves makes room', async () => {
  const follow = new Follow(logger.database, { streams: 1 })
  const one = follow.follow(journeyNews, () => '', undefined)
  expect(() => follow.follow(journeyNews, () => '', undefined)).toThrow(
    expect.objectContaining({ slug: 'streams-exhausted' }),
  )
  one.stop()
  one.stop()
  follow.follow(journeyNews, () => '', 'nonsense').stop()
  follow.close()
  expect(() => follow.follow(journeyNews, () => '', undefined)).toThrow(
    expect.objectContaining({ slug: 'streams-exhausted' }),
  )
})
