import { parse } from 'secure-json-parse'
import { contractsOf } from '../contracts/catalogue'
import { type Contract, dataschemaOf } from '../contracts/define-event'
import { CONTENT_TYPE, type Envelope } from '../contracts/envelope'
import type { ServiceName } from '../contracts/services'
import { messageOf, PermanentError } from '../db/errors'
import { isId } from '../ids'
import { hasLoneSurrogate, hasNul } from '../nul'
import type { Id } from '../schemas'
import type { Delivery } from './bus'
import { isDeeperThan } from './depth'

export const MAX_BODY_BYTES = 1024 * 1024
const MAX_EVENTS = 500
// our own events have five levels; PostgreSQL and JSON.stringify give up at some thousands, and so could store none
const MAX_DEPTH = 64
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

export type DeadReason =
  | 'broker_dead_letter'
  | 'content_type'
  | 'crash_loop'
  | 'envelope'
  | 'forged'
  | 'malformed'
  | 'schema'
  | 'too_large'
  | 'unauthenticated'
  | 'unknown_type'
  | 'unsupported_version'

export interface Opened {
  readonly event: Envelope
  readonly brokerUser: string | undefined
}

/** A message, or one event of it, that no retry can help. */
export interface Refused {
  readonly reason: DeadReason
  readonly error: string
  readonly delivery: Delivery
  /** Known when the envelope was good enough. */
  readonly eventId?: Id | undefined
  readonly type?: string | undefined
  readonly envelope?: unknown
}

/** The broker user a service publishes as: its own name, unless one shared user stands for all. */
export type BrokerUserOf = (service: ServiceName) => string

class Refusal extends PermanentError {
  constructor(
    readonly deadReason: DeadReason,
    detail: string,
  ) {
    super(deadReason, detail)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Opens one delivery: parses, checks every event against its contract and its publisher. Never throws. */
export function open(delivery: Delivery, brokerUserOf: BrokerUserOf): { opened: Opened[]; refused: Refused[] } {
  const opened: Opened[] = []
  const refused: Refused[] = []
  const refuse = (error: unknown, envelope?: unknown) => {
    const reason = error instanceof Refusal ? error.deadReason : 'malformed'
    refused.push({ reason, error: messageOf(error), delivery, ...identityOf(envelope, reason), envelope })
  }
  try {
    for (const candidate of eventsOf(delivery)) {
      try {
        opened.push(check(candidate, delivery, brokerUserOf))
      } catch (error) {
        refuse(error, candidate)
      }
    }
  } catch (error) {
    refuse(error)
  }
  return { opened, refused }
}

function eventsOf(delivery: Delivery): unknown[] {
  const { body, contentType, contentEncoding } = delivery
  if (delivery.isBrokerDead) throw new Refusal('broker_dead_letter', 'the broker gave up delivering it')
  if (contentEncoding) throw new Refusal('content_type', `content encoding ${contentEncoding} is not accepted`)
  if (body.length > MAX_BODY_BYTES) throw new Refusal('too_large', `${body.length} bytes`)
  if (contentType === CONTENT_TYPE.lone) return [parseBody(body)]
  if (contentType !== CONTENT_TYPE.batch) throw new Refusal('content_type', `content type ${contentType ?? 'missing'}`)
  const events = parseBody(body)
  if (!Array.isArray(events) || events.length === 0) throw new Refusal('schema', 'a batch is a non-empty array')
  if (events.length > MAX_EVENTS) throw new Refusal('too_large', `${events.length} events`)
  return events
}

function parseBody(body: Buffer): unknown {
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw new Refusal('malformed', 'not UTF-8')
  }
  if (hasNul(text)) throw new Refusal('schema', 'NUL in a string')
  if (hasLoneSurrogate(text)) throw new Refusal('schema', 'a lone surrogate in a string')
  if (isDeeperThan(MAX_DEPTH, text)) throw new Refusal('schema', `nested deeper than ${MAX_DEPTH} levels`)
  try {
    return parse(text, undefined, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    if (messageOf(error).includes('forbidden prototype property')) throw new Refusal('schema', messageOf(error))
    // the parser's own words quote the body, and they are logged
    throw new Refusal('malformed', 'not JSON')
  }
}

function check(candidate: unknown, delivery: Delivery, brokerUserOf: BrokerUserOf): Opened {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate))
    throw new Refusal('schema', 'an event is an object')
  const event = candidate as Envelope
  checkEnvelope(event, delivery)
  const versions = contractsOf(event.type)
  const [anyVersion] = versions
  if (!anyVersion) throw new Refusal('unknown_type', `nobody declared ${event.type}`)
  checkPublisher(event, anyVersion, delivery, brokerUserOf)
  const contract = versionOf(event, versions)
  if (!contract.validator.Check(event.data)) {
    const [first] = contract.validator.Errors(event.data)
    throw new Refusal('schema', `data${first?.instancePath ?? ''} ${first?.message ?? 'is invalid'}`)
  }
  // some readers go by the one, some by the other
  if (event.subject !== (event.data as Record<string, unknown>)[contract.subject])
    throw new Refusal('envelope', `subject is not the ${contract.subject}`)
  return { event, brokerUser: delivery.brokerUser }
}

/** RFC 3339, in the years that PostgreSQL and JavaScript write alike. */
const isTime = (value: unknown) =>
  typeof value === 'string' &&
  TIME.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).getUTCFullYear() > 0

const isOptionalText = (value: unknown) => value === undefined || typeof value === 'string'

function checkEnvelope(event: Envelope, { contentType, messageId, routingKey }: Delivery): void {
  if (!isId(event.id)) throw new Refusal('envelope', 'id is not a UUIDv7')
  if (contentType === CONTENT_TYPE.lone && messageId !== event.id)
    throw new Refusal('envelope', 'message_id is not the event id')
  if (event.specversion !== '1.0') throw new Refusal('envelope', 'specversion is not 1.0')
  if (typeof event.type !== 'string') throw new Refusal('envelope', 'type is missing')
  if (event.type !== routingKey) throw new Refusal('envelope', `type differs from the routing key ${routingKey}`)
  if (!isId(event.correlationid)) throw new Refusal('envelope', 'correlationid is not a UUIDv7')
  if (event.causationid !== undefined && !isId(event.causationid))
    throw new Refusal('envelope', 'causationid is not a UUIDv7')
  if (event.repeats !== undefined && !isId(event.repeats)) throw new Refusal('envelope', 'repeats is not a UUIDv7')
  if (!isTime(event.time)) throw new Refusal('envelope', 'time is not a timestamp')
  if (typeof event.subject !== 'string') throw new Refusal('envelope', 'subject is missing')
  if (!isOptionalText(event.traceparent)) throw new Refusal('envelope', 'traceparent is not text')
}

function versionOf(event: Envelope, versions: readonly Contract[]): Contract {
  const contract = versions.find(({ dataschema }) => dataschema === event.dataschema)
  if (contract) return contract
  const version = /:(\d+)$/.exec(String(event.dataschema))?.[1]
  const isOtherVersion = event.dataschema === dataschemaOf(event.type, Number(version))
  throw new Refusal(isOtherVersion ? 'unsupported_version' : 'schema', `dataschema ${String(event.dataschema)}`)
}

function checkPublisher(
  event: Envelope,
  { publisher }: Contract,
  { brokerUser }: Delivery,
  brokerUserOf: BrokerUserOf,
): void {
  if (!brokerUser) throw new Refusal('unauthenticated', 'the message names no verified user')
  if (brokerUser !== brokerUserOf(publisher)) throw new Refusal('forged', `${brokerUser} is not ${publisher}`)
  if (event.source !== publisher) throw new Refusal('forged', `source ${String(event.source)} is not ${publisher}`)
}

/**
 * A dead letter is known by its event id, and a later event with that id is taken for its duplicate. So only an
 * event whose publisher is verified may name one: a forger could otherwise kill an event before it is born.
 */
function identityOf(envelope: unknown, reason: DeadReason): { eventId?: Id | undefined; type?: string | undefined } {
  if (typeof envelope !== 'object' || envelope === null) return {}
  const { id, type } = envelope as Record<string, unknown>
  const isVerified = reason === 'schema' || reason === 'unsupported_version'
  return { eventId: isVerified && isId(id) ? id : undefined, type: typeof type === 'string' ? type : undefined }
}
