import { createHash } from 'node:crypto'
import { CONTENT_TYPE } from '../contracts/envelope'
import { statement, type Tx } from '../db/tx'
import { newId } from '../ids'
import type { Delivery } from './bus'
import { MAX_BODY_BYTES, type Opened, type Refused } from './open'

// Kept short: a row is read by a person
const MAX_ERROR_CHARS = 2_000

/** PostgreSQL stores no NUL in text. */
const clean = (value: string): string => value.replaceAll('\u0000', '')

export const shorten = (text: string): string => clean(text.slice(0, MAX_ERROR_CHARS))

const insertOpened = statement(
  'dead-letter',
  `INSERT INTO dead_letters (id, event_id, type, envelope, broker_user, reason, error, handler, attempts, first_failed_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, COALESCE($10, now()))
   ON CONFLICT (event_id) DO NOTHING`,
)

const insertRefused = statement(
  'dead-letter-refused',
  `INSERT INTO dead_letters (id, event_id, type, raw, broker_user, reason, error, attempts, properties)
   VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
   ON CONFLICT (event_id) DO NOTHING`,
)
const insertNameless = statement(
  'dead-letter-nameless',
  `INSERT INTO dead_letters (id, fingerprint, type, raw, broker_user, reason, error, attempts, properties)
   VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
   ON CONFLICT (fingerprint) WHERE discarded_at IS NULL
   DO UPDATE SET attempts = dead_letters.attempts + 1, last_failed_at = now()`,
)

export interface Failure {
  readonly reason: string
  readonly error: string
  readonly handler: string
  readonly attempts: number
  readonly firstFailedAt?: Date
  /** No further attempt. */
  readonly isFinal?: boolean
}

/** How a refused message came: what it takes to open it again. */
export interface RefusedProperties {
  readonly routingKey: string
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  readonly messageId?: string | undefined
  readonly deliveryCount: number
  readonly headers: Readonly<Record<string, unknown>>
  /** The raw bytes are one event of a message that had several. */
  readonly isOneOfBatch?: boolean
  /** The raw bytes are only the beginning. */
  readonly isCut?: boolean
}

/** An event that was understood and could not be handled. */
export async function bury(tx: Tx, { event, brokerUser }: Opened, failure: Failure): Promise<void> {
  const { reason, error, handler, attempts, firstFailedAt } = failure
  const envelope = JSON.stringify(event)
  const values = [
    newId(),
    event.id,
    event.type,
    envelope,
    brokerUser,
    reason,
    shorten(error),
    handler,
    attempts,
    firstFailedAt,
  ]
  await tx.execute(insertOpened, values)
}

/**
 * A message, or one event of it, that was refused on opening: kept as it came, up to the size we accept. Without an
 * event id it is known by its bytes: a message that was delivered again is the same letter, seen once more.
 */
export async function buryRefused(
  tx: Tx,
  { delivery, reason, error, eventId, type, envelope }: Refused,
): Promise<void> {
  const isOneOfBatch = envelope !== undefined && delivery.contentType === CONTENT_TYPE.batch
  const isCut = delivery.body.length > MAX_BODY_BYTES
  const raw = envelope === undefined ? delivery.body.subarray(0, MAX_BODY_BYTES) : Buffer.from(JSON.stringify(envelope))
  const { routingKey, contentType, contentEncoding, messageId, brokerUser, deliveryCount, headers } = delivery
  const properties: RefusedProperties = { routingKey, contentType, contentEncoding, messageId, deliveryCount, headers }
  const text = (value: string | undefined) => value && shorten(value)
  const values = [
    newId(),
    eventId ?? fingerprintOf(delivery, raw),
    text(type),
    raw,
    text(brokerUser),
    reason,
    shorten(error),
    JSON.stringify({ ...properties, isOneOfBatch, isCut }),
  ]
  await tx.execute(eventId ? insertRefused : insertNameless, values)
}

/** The same for every delivery of one message. */
function fingerprintOf(delivery: Delivery, raw: Buffer): Buffer {
  const { routingKey, contentType, contentEncoding, messageId, brokerUser, headers } = delivery
  // the broker's own headers count its deliveries
  const sent = Object.entries(headers).filter(([name]) => !name.startsWith('x-'))
  const came = { routingKey, contentType, contentEncoding, messageId, brokerUser, sent }
  return createHash('sha256').update(JSON.stringify(came)).update(raw).digest()
}
