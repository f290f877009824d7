import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { unavailable } from './problem'

interface Jwk extends JsonWebKey {
  readonly kid?: string
}

// an attacker inventing key ids must not turn us into a flood of requests to auth-service
const REFETCH_AFTER_MS = 60_000
const RETRY_AFTER_MS = 1_000
const FETCH_TIMEOUT_MS = 2_000

/**
 * The public keys of the token issuer, from its configured JWKS address and nowhere else (RFC 7517).
 * An unknown `kid` is looked up again at most once a minute.
 */
export class Jwks {
  #keys = new Map<string, KeyObject>()
  #triedAtMs = Number.NEGATIVE_INFINITY
  #loading: Promise<void> | undefined

  constructor(private readonly url: string) {}

  /** undefined: no such key. Throws the problem `auth-unavailable` while no keys were ever loaded. */
  async find(kid: string): Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid)
    if (known) return known
    const pauseMs = this.#keys.size === 0 ? RETRY_AFTER_MS : REFETCH_AFTER_MS
    if (performance.now() - this.#triedAtMs > pauseMs) await this.#load()
    else await this.#loading
    if (this.#keys.size === 0) throw unavailable('auth-unavailable', 'Access tokens cannot be checked at the moment.')
    return this.#keys.get(kid)
  }

  async #load(): Promise<void> {
    this.#triedAtMs = performance.now()
    this.#loading ??= this.#fetch()
      .catch(() => {})
      .finally(() => {
        this.#loading = undefined
      })
    await this.#loading
  }

  async #fetch(): Promise<void> {
    const response = await fetch(this.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' })
    if (!response.ok) return
    const { keys } = (await response.json()) as { keys: Jwk[] }
    this.#keys = new Map(
      keys.flatMap((jwk) => (jwk.kid ? [[jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]] : [])),
    )
  }
}
