import type { Attributes } from '@opentelemetry/api'
import { EVENTS_EXCHANGE } from '../messaging/names'
import type { Id } from '../schemas'

/** What the spans of one event have in common, by OpenTelemetry's conventions for messaging. */
export interface Message {
  readonly id: Id
  readonly type: string
  readonly subject: string
  readonly correlationId: Id
}

const destinationOf = (type: string): string => `${EVENTS_EXCHANGE}:${type}`

export const spanNameOf = (operation: string, type: string): string => `${operation} ${destinationOf(type)}`

export const messagingAttributes = (
  { id, type, subject, correlationId }: Message,
  operation: 'publish' | 'process' | 'ack',
): Attributes => ({
  'messaging.system': 'rabbitmq',
  'messaging.operation.name': operation,
  'messaging.operation.type': TYPES[operation],
  'messaging.destination.name': destinationOf(type),
  'messaging.rabbitmq.destination.routing_key': type,
  'messaging.message.id': id,
  'messaging.message.conversation_id': correlationId,
  'shop.subject': subject,
})

const TYPES = { publish: 'send', process: 'process', ack: 'settle' } as const
