import { createReadStream } from 'node:fs'
import { jsonLines } from './json-lines'
import { SourceUnreachable } from './sources'

interface Seen {
  readonly userId: string
  /** ISO 8601 */
  readonly at?: string
}

/** A POST /orders left the client, whatever became of it. null: without a key. */
export interface Attempt extends Seen {
  readonly kind: 'attempt'
  readonly idempotencyKey: string | null
}

/** It was answered with success. */
export interface Accepted extends Seen {
  readonly kind: 'accepted'
  readonly idempotencyKey: string | null
  readonly orderId: string
  /** `x-request-id` of the answer. */
  readonly requestId?: string
}

/** A GET of one order was answered. Those of one order come in the sequence in which its client saw them. */
export interface Polled extends Seen {
  readonly kind: 'polled'
  readonly orderId: string
  readonly httpStatus: number
  readonly status?: string
  readonly version?: number
}

/** Any answer to this user. */
export interface Answered extends Seen {
  readonly kind: 'answered'
  readonly body: unknown
}

export type Observation = Attempt | Accepted | Polled | Answered

export async function* readObservations(from: readonly Observation[] | string): AsyncGenerator<Observation> {
  if (typeof from !== 'string') {
    yield* from
    return
  }
  try {
    yield* jsonLines<Observation>(createReadStream(from))
  } catch (error) {
    throw new SourceUnreachable('observations', error)
  }
}
