import { EVENTS_EXCHANGE } from '../messaging/names'
import type { Id } from '../schemas'
import type { Attributes } from './tracing'

/** What the spans of one event have in common, by OpenTelemetry's conventions for messaging. */
export interface Message {
  readonly id: Id
  readonly type: string
  readonly subject: string
  readonly correlationId: Id
}

/** What some of them have besides. */
interface Particulars {
  /** How many events went with it. */
  readonly batch?: number
  /** How many an ack settled. */
  readonly count?: number
  readonly queue?: string
  readonly step?: string
  readonly outcome?: string
  readonly reason?: string | undefined
  readonly error?: string | undefined
}

const destinationOf = (type: string): string => `${EVENTS_EXCHANGE}:${type}`

export const spanNameOf = (operation: string, type: string): string => `${operation} ${destinationOf(type)}`

/** In one literal, with undefined for what there is not: spreading one object into another took most of a span's time. */
export const messagingAttributes = (
  { id, type, subject, correlationId }: Message,
  operation: 'publish' | 'process' | 'ack',
  { batch, count, queue, step, outcome, reason, error }: Particulars,
): Attributes => ({
  'messaging.system': 'rabbitmq',
  'messaging.operation.name': operation,
  'messaging.operation.type': TYPES[operation],
  'messaging.destination.name': destinationOf(type),
  'messaging.destination.subscription.name': queue,
  'messaging.rabbitmq.destination.routing_key': type,
  'messaging.message.id': id,
  'messaging.message.conversation_id': correlationId,
  'messaging.batch.message_count': count,
  'shop.subject': subject,
  'shop.step': step,
  'shop.outcome': outcome,
  'shop.reason': reason,
  'shop.batch.events': batch,
  'error.type': error,
})

const TYPES = { publish: 'send', process: 'process', ack: 'settle' } as const
