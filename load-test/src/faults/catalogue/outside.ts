import { EVENTS_EXCHANGE, newId, orderCreated, segment } from '@order-saga/common'
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

/** A message no reader understands, published past every service: it must end as a dead letter of each reader. */
async function poison({ site, observations }: Scene): Promise<void> {
  const { management, where } = site.servers
  const id = newId()
  await management.post(`/exchanges/${segment(where.vhost)}/${EVENTS_EXCHANGE}/publish`, {
    routing_key: orderCreated.type,
    payload: `{"poison": "${id}"`,
    payload_encoding: 'string',
    properties: { message_id: id, content_type: 'application/cloudevents+json', delivery_mode: 2 },
  })
  observations.happened({ kind: 'poison', id })
}

const poisons: Fault = {
  kind: 'poison',
  about: 'an administrator publishes messages nobody can read: each is a dead letter of each reader, with its reason',
  targets: ['RabbitMQ'],
  lastsMs: MOMENT,
  hits: () => 'broker',
  strike: async (scene) => {
    for (let n = 0; n < POISONS_AT_ONCE; n++) await poison(scene)
    return momentary(true)
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
