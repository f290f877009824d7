import { publishedBy } from '../contracts/catalogue'
import type { ServiceName } from '../contracts/services'
import {
  DEAD_EXCHANGE,
  deadQueue,
  EVENTS_EXCHANGE,
  eventsQueue,
  LOGS_EXCHANGE,
  logsQueue,
  MONITORING_USER,
} from '../messaging/names'
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
  readonly name: ServiceName | typeof MONITORING_USER
  /** What it may ask of the management HTTP API. */
  readonly tags: '' | 'monitoring'
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
    queues: participants.flatMap(queuesOf),
    bindings: participants.flatMap(bindingsOf),
    users: [...participants.map(userOf), onlooker],
  }
}

// log lines are not worth a full disk: the oldest go first, and what cannot be read twenty times goes as well
const FORGETFUL = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': 20,
  'x-max-length': 10_000,
  'x-max-length-bytes': 67_108_864,
  'x-overflow': 'drop-head',
}

const queuesOf = ({ service, hearsEverything }: Participant): QueueSpec[] => [
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
  ...(hearsEverything ? [{ name: logsQueue(service), arguments: FORGETFUL }] : []),
]

function bindingsOf({ service, reacts, hearsEverything }: Participant): Binding[] {
  const queue = eventsQueue(service)
  const keys = hearsEverything ? ['#'] : [...new Set(reacts)].sort()
  const events = keys.map((routingKey) => ({ source: EVENTS_EXCHANGE, queue, routingKey }))
  const logs = hearsEverything ? [{ source: LOGS_EXCHANGE, queue: logsQueue(service), routingKey: 'log.#' }] : []
  return [...events, { source: DEAD_EXCHANGE, queue: deadQueue(service), routingKey: service }, ...logs]
}

const escaped = (text: string) => text.replaceAll('.', '\\.')

function userOf({ service, hearsEverything }: Participant): UserSpec {
  const types = [...new Set(publishedBy(service).map(({ type }) => escaped(type)))].sort()
  return {
    name: service,
    tags: '',
    configure: '^$',
    write: '^shop\\.(events|logs)$',
    read: `^${service}\\.(${hearsEverything ? 'events|dead|logs' : 'events|dead'})$`,
    topicWrite: {
      [EVENTS_EXCHANGE]: types.length === 0 ? '^$' : `^(${types.join('|')})$`,
      [LOGS_EXCHANGE]: `^log\\.${service}\\.`,
    },
  }
}

/** Sees every queue and consumer, reads no message and publishes none. */
const onlooker: UserSpec = {
  name: MONITORING_USER,
  tags: 'monitoring',
  configure: '^$',
  write: '^$',
  read: '^$',
  topicWrite: { [EVENTS_EXCHANGE]: '^$', [LOGS_EXCHANGE]: '^$' },
}
