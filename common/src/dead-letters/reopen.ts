import type { Delivery } from '../messaging/bus'
import type { RefusedProperties } from '../messaging/dead-letters'
import { type BrokerUserOf, type Opened, open, type Refused } from '../messaging/open'
import type { Letter } from './letters'

export interface Reopened {
  readonly opened: readonly Opened[]
  readonly refused: readonly Refused[]
}

/**
 * What a dead letter is about. A message that was refused is opened again as it came, by today's contracts: an event
 * of a version that this service has learned meanwhile is an event like any other.
 */
export function reopen(letter: Letter, brokerUserOf: BrokerUserOf): Reopened {
  const { envelope, brokerUser } = letter
  if (envelope) return { opened: [{ event: envelope, brokerUser: brokerUser ?? undefined }], refused: [] }
  return open(deliveryOf(letter), brokerUserOf)
}

function deliveryOf({ raw, reason, brokerUser, properties }: Letter): Delivery {
  const { routingKey, contentType, contentEncoding, messageId, headers, isOneOfBatch } = properties
  const body = raw ?? Buffer.alloc(0)
  return {
    body: isOneOfBatch ? Buffer.concat([Buffer.from('['), body, Buffer.from(']')]) : body,
    // the broker's own dead letters come under another key, and say in a header which one it was
    routingKey: (reason === 'broker_dead_letter' && firstKeyOf(headers)) || routingKey,
    contentType,
    contentEncoding,
    messageId,
    brokerUser: brokerUser ?? undefined,
    deliveryCount: 0,
    isBrokerDead: false,
    headers,
    ackUpTo: () => {},
    giveBack: () => {},
  }
}

function firstKeyOf(headers: RefusedProperties['headers']): string | undefined {
  const [death] = Array.isArray(headers['x-death']) ? headers['x-death'] : []
  const [key] = (death as { 'routing-keys'?: unknown[] } | undefined)?.['routing-keys'] ?? []
  return typeof key === 'string' ? key : undefined
}
