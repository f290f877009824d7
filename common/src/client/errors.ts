import type { Answer } from './ask'

/** The shop said no (RFC 9457): the same request would be refused again. */
export class Refused extends Error {
  readonly status: number
  /** Stable for programs, like `cart-empty`. */
  readonly slug: string

  constructor({ status, body }: Answer) {
    const { type, detail } = (body ?? {}) as { type?: string; detail?: string }
    super(detail ?? `HTTP ${status}`)
    this.name = 'Refused'
    this.status = status
    this.slug = type?.replace('/problems/', '') ?? ''
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
