import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { unavailable } from './problem'

interface Jwk extends JsonWebKey {
  readonly kid?: string
}

// an attacker inventing key ids must not turn us into a flood of requests to auth-service
const REFETCH_AFTER_MS = 60_000
// how long a key that was withdrawn is believed at most
const KNOWN_FOR_MS = 300_000
const RETRY_AFTER_MS = 1_000
const FETCH_TIMEOUT_MS = 2_000

/**
 * The public keys of the token issuer, from its configured JWKS address and nowhere else (RFC 7517).
 * An unknown `kid` is looked up again at most once a minute, and all of them every five minutes: a key may be withdrawn
 * before it expires. While the issuer is away, those known stay.
 */
export class Jwks {
  #keys = new Map<string, KeyObject>()
  #loadedAtMs = Number.NEGATIVE_INFINITY
  #triedAtMs = Number.NEGATIVE_INFINITY
  #isAway = false
  #loading: Promise<void> | undefined

  constructor(private readonly url: string) {}

  /** undefined: no such key. Throws the problem `auth-unavailable` while no keys were ever loaded. */
  async find(kid: string): Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid)
    if (known && performance.now() - this.#loadedAtMs < KNOWN_FOR_MS) return known
    const loading = this.#loadInTime()
    // who is known waits for the first failure alone, not for every further one
    if (!(known && this.#isAway)) await loading
    if (this.#keys.size === 0) throw unavailable('auth-unavailable', 'Access tokens cannot be checked at the moment.')
    return this.#keys.get(kid)
  }

  #loadInTime(): Promise<void> | undefined {
    const pauseMs = this.#keys.size === 0 ? RETRY_AFTER_MS : REFETCH_AFTER_MS
    if (performance.now() - this.#triedAtMs > pauseMs) this.#loading ??= this.#load()
    return this.#loading
  }

  async #load(): Promise<void> {
    this.#triedAtMs = performance.now()
    try {
      await this.#fetch()
      this.#loadedAtMs = performance.now()
      this.#isAway = false
    } catch {
      this.#isAway = true
    } finally {
      this.#loading = undefined
    }
  }

  async #fetch(): Promise<void> {
    const response = await fetch(this.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    const { keys } = (await response.json()) as { keys: Jwk[] }
    this.#keys = new Map(
      keys.flatMap((jwk) => (jwk.kid ? [[jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]] : [])),
    )
  }
}
