import type { Slug } from './api'
import type { Answer } from './ask'

/** The shop said no (RFC 9457): the same request would be refused again. */
export class Refused extends Error {
  readonly status: number
  /** Stable for programs, like `cart-empty`; empty where a stranger on the way answered. */
  readonly slug: Slug | (string & Record<never, never>)

  constructor({ status, body }: Answer) {
    const { type, detail } = (body ?? {}) as { type?: string; detail?: string }
    super(detail ?? `HTTP ${status}`)
    this.name = 'Refused'
    this.status = status
    this.slug = type?.replace('/problems/', '') ?? ''
  }
}

/** No answer within the time: what was asked for may or may not have been done. */
export class NoAnswer extends Error {
  constructor(url: string, attempts: number) {
    super(`no answer from ${url} after ${attempts} attempts`)
    this.name = 'NoAnswer'
  }
}

/** No answer to an order within the time: it may or may not exist. Asking again with the same key tells. */
export class PlacementUnknown extends Error {
  constructor(
    readonly idempotencyKey: string,
    readonly attempts: number,
  ) {
    super(`no answer after ${attempts} attempts: ask again with the same key`)
    this.name = 'PlacementUnknown'
  }
}
