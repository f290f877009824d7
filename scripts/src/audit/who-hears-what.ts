import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Each service's `audit.json` says a second time, on purpose, what it tells and hears: where that differs from contracts,
// saga tables or migrations, one of the two is wrong, and a test says so. Derived from them it would agree with any mistake.

/** The name of a service's folder. */
export type ServiceName = string

interface Declaration {
  readonly tells: readonly string[]
  readonly tellsPersonal: readonly string[]
  readonly hears: readonly string[]
}

interface Event {
  readonly by: ServiceName
  readonly heardBy: readonly ServiceName[]
  readonly isPersonal?: true
}

const root = join(__dirname, '../../..')
const fileOf = (service: ServiceName) => join(root, service, 'audit.json')
const declared = readdirSync(root)
  .filter((folder) => existsSync(fileOf(folder)))
  .map((service) => ({ service, ...(JSON.parse(readFileSync(fileOf(service), 'utf8')) as Declaration) }))

export const services: readonly ServiceName[] = declared.map(({ service }) => service)

const hearers = (type: string) => declared.filter(({ hears }) => hears.includes(type)).map(({ service }) => service)

export const events: Readonly<Record<string, Event>> = Object.fromEntries(
  declared.flatMap(({ service: by, tells, tellsPersonal }) => [
    ...tells.map((type): [string, Event] => [type, { by, heardBy: hearers(type) }]),
    ...tellsPersonal.map((type): [string, Event] => [type, { by, heardBy: hearers(type), isPersonal: true }]),
  ]),
)

export const journalist: ServiceName = 'logger-service'
export const publishers: readonly ServiceName[] = [...new Set(Object.values(events).map(({ by }) => by))]

export const heardBy = (type: string): readonly ServiceName[] => [journalist, ...(events[type]?.heardBy ?? [])]

/** Days that are kept at least. */
export const kept = { inbox: 30, outbox: 7, personalOutbox: 1, journal: 90 }

export const binding = (source: string, queue: string, key: string): string => `${source} → ${queue} on ${key}`

/** The only queue that may lose messages, the oldest first, and in which some may wait. */
export const LOG_LINES = `${journalist}.logs`

/** Every binding the vhost must have, and none beside. */
export const expectedBindings = (): Set<string> =>
  new Set([
    ...services.map((service) => binding('shop.dead', `${service}.dead`, service)),
    binding('shop.events', `${journalist}.events`, '#'),
    binding('shop.logs', LOG_LINES, 'log.#'),
    ...Object.entries(events).flatMap(([type, event]) =>
      event.heardBy.map((service) => binding('shop.events', `${service}.events`, type)),
    ),
  ])

const quorum = { 'x-queue-type': 'quorum' }

/** Every queue with the arguments it must have. auth-service hears nothing, and has queues all the same. */
export const expectedQueues = (): Map<string, Readonly<Record<string, string | number>>> =>
  new Map<string, Readonly<Record<string, string | number>>>([
    [
      LOG_LINES,
      {
        ...quorum,
        'x-delivery-limit': 20,
        'x-max-length': 10_000,
        'x-max-length-bytes': 64 * 1024 * 1024,
        'x-overflow': 'drop-head',
      },
    ],
    ...services.flatMap((service): [string, Readonly<Record<string, string | number>>][] => [
      [
        `${service}.events`,
        {
          ...quorum,
          'x-delivery-limit': 20,
          'x-dead-letter-exchange': 'shop.dead',
          'x-dead-letter-routing-key': service,
          'x-dead-letter-strategy': 'at-least-once',
          'x-overflow': 'reject-publish',
        },
      ],
      [`${service}.dead`, { ...quorum, 'x-delivery-limit': 1_000_000 }],
    ]),
  ])
