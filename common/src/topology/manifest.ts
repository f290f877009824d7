import { publishedBy } from '../contracts/catalogue'
import type { ServiceName } from '../contracts/services'
import { DEAD_EXCHANGE, deadQueue, EVENTS_EXCHANGE, eventsQueue, LOGS_EXCHANGE } from '../messaging/names'
import type { Participant } from '../participant'

export interface QueueSpec {
  readonly name: string
  readonly arguments: Readonly<Record<string, string | number>>
}

export interface Binding {
  readonly source: string
  readonly queue: string
  readonly routingKey: string
}

export interface UserSpec {
  readonly name: ServiceName
  readonly configure: string
  readonly write: string
  readonly read: string
  /** A user without a topic permission on an exchange may publish any key to it: every topic exchange is listed. */
  readonly topicWrite: Readonly<Record<string, string>>
}

export interface Manifest {
  readonly exchanges: readonly { readonly name: string; readonly type: 'topic' | 'direct' }[]
  readonly queues: readonly QueueSpec[]
  readonly bindings: readonly Binding[]
  readonly users: readonly UserSpec[]
}

/**
 * Everything the broker must hold, derived from contracts and saga tables. The same definitions work on
 * RabbitMQ 3.10 and 4.x.
 */
export function manifestOf(participants: readonly Participant[]): Manifest {
  return {
    exchanges: [
      { name: EVENTS_EXCHANGE, type: 'topic' },
      { name: LOGS_EXCHANGE, type: 'topic' },
      { name: DEAD_EXCHANGE, type: 'direct' },
    ],
    queues: participants.flatMap(({ service }) => queuesOf(service)),
    bindings: participants.flatMap(bindingsOf),
    users: participants.map(({ service }) => userOf(service)),
  }
}

const queuesOf = (service: ServiceName): QueueSpec[] => [
  {
    name: eventsQueue(service),
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 20,
      'x-dead-letter-exchange': DEAD_EXCHANGE,
      'x-dead-letter-routing-key': service,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  },
  // an explicit limit nobody reaches: 4.x would set 20 by default and drop, 3.10 turns -1 into loss
  { name: deadQueue(service), arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 } },
]

function bindingsOf({ service, reacts, hearsEverything }: Participant): Binding[] {
  const queue = eventsQueue(service)
  const keys = hearsEverything ? ['#'] : [...new Set(reacts)].sort()
  const events = keys.map((routingKey) => ({ source: EVENTS_EXCHANGE, queue, routingKey }))
  return [...events, { source: DEAD_EXCHANGE, queue: deadQueue(service), routingKey: service }]
}

const escaped = (text: string) => text.replaceAll('.', '\\.')

function userOf(service: ServiceName): UserSpec {
  const types = [...new Set(publishedBy(service).map(({ type }) => escaped(type)))].sort()
  return {
    name: service,
    configure: '^$',
    write: '^shop\\.(events|logs)$',
    read: `^${service}\\.(events|dead)$`,
    topicWrite: {
      [EVENTS_EXCHANGE]: types.length === 0 ? '^$' : `^(${types.join('|')})$`,
      [LOGS_EXCHANGE]: `^log\\.${service}\\.`,
    },
  }
}
