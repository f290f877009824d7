import { EVENTS_EXCHANGE, newId, orderCreated, segment } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { type Fault, momentary, type Scene } from './fault'

const MOMENT = [0, 0] as const
// provider and mail server misbehave for all of their requests meanwhile
const WHILE = [3_000, 6_000] as const

const provider = (mode: string, about: string): Fault => ({
  kind: `provider-${mode}`,
  about,
  targets: ['provider'],
  lastsMs: WHILE,
  hits: () => 'provider',
  strike: async ({ site }) => {
    const wire = site.wires.of('payment-service – provider')
    const { chunks } = wire
    await site.servers.provider({ mode })
    return { heal: () => site.servers.provider({ mode: 'ok' }), hasStruck: () => wire.chunks > chunks }
  },
})

const forgetsKeys: Fault = {
  kind: 'provider-forgets-keys',
  about: 'the provider forgets every idempotency key, as providers do after a day; the money has moved all the same',
  targets: ['provider'],
  lastsMs: MOMENT,
  hits: () => 'provider',
  strike: async ({ site }) => {
    await site.servers.provider({ forgetKeys: true })
    return momentary(true)
  },
}

const mail = (mode: string, about: string): Fault => ({
  kind: `mail-${mode}`,
  about,
  targets: ['mail server'],
  lastsMs: WHILE,
  hits: () => 'mail server',
  strike: async ({ site }) => {
    const wire = site.wires.of('mailer-service – mail')
    const { chunks } = wire
    await site.servers.mail({ mode })
    return { heal: () => site.servers.mail({ mode: 'ok' }), hasStruck: () => wire.chunks > chunks }
  },
})

const killRedis: Fault = {
  kind: 'kill-redis',
  about: 'kill -9 of Redis, back after 0–3 s',
  targets: ['Redis'],
  lastsMs: [0, 3_000],
  hits: () => 'redis',
  strike: async ({ site }) => {
    await site.servers.killRedis()
    return { heal: () => site.servers.startRedis(), hasStruck: () => true }
  },
}

const flushRedis: Fault = {
  kind: 'flush-redis',
  about: 'Redis forgets everything',
  targets: ['Redis'],
  lastsMs: MOMENT,
  hits: () => 'redis',
  strike: async ({ site }) => momentary(await site.servers.flushRedis()),
}

const POISONS_AT_ONCE = 3
/** Who reads order.created, and with it the poison that pretends to be one. */
export const POISONED = ['product-service', 'cart-service', 'logger-service'] as const
// a reader may be dead or frozen meanwhile
const BURIED_WITHIN_MS = 90_000
const DEAD = `SELECT count(*) FROM dead_letters WHERE properties ->> 'messageId' = ANY($1)`

/** A message no reader understands, published past every service: it must end as a dead letter of each reader. */
async function poison({ site, observations }: Scene): Promise<string> {
  const { management, where } = site.servers
  const id = newId()
  await management.post(`/exchanges/${segment(where.vhost)}/${EVENTS_EXCHANGE}/publish`, {
    routing_key: orderCreated.type,
    payload: `{"poison": "${id}"`,
    payload_encoding: 'string',
    properties: { message_id: id, content_type: 'application/cloudevents+json', delivery_mode: 2 },
  })
  observations.happened({ kind: 'poison', id })
  return id
}

const areDead = ({ site }: Scene, ids: readonly string[]) =>
  eventually(async () => {
    for (const service of POISONED)
      if ((await site.databases.count(service, DEAD, [ids])) !== ids.length)
        throw new Error(`${service} has not buried the poison yet`)
  }, BURIED_WITHIN_MS)

const poisons: Fault = {
  kind: 'poison',
  about: 'an administrator publishes messages nobody can read: each is a dead letter of each reader, with its reason',
  targets: ['RabbitMQ'],
  lastsMs: MOMENT,
  hits: () => 'broker',
  strike: async (scene) => {
    const ids: string[] = []
    for (let n = 0; n < POISONS_AT_ONCE; n++) ids.push(await poison(scene))
    // nobody could tell again what a deleted queue takes along: until all are dead letters no other fault hits the broker
    return { heal: () => areDead(scene, ids), hasStruck: () => true }
  },
}

export const outsideFaults: readonly Fault[] = [
  provider('down', 'the provider answers 503'),
  provider('timeout-before', 'the provider does nothing and never answers'),
  provider('timeout-after', 'the provider does what it is asked and never answers'),
  provider('error-after', 'the provider does what it is asked and answers 500'),
  forgetsKeys,
  mail('451', 'the mail server takes no mail for now'),
  mail('drop-after-data', 'the mail server has the mail and drops the connection'),
  mail('slow', 'the mail server answers after 5 s'),
  killRedis,
  flushRedis,
  poisons,
]
