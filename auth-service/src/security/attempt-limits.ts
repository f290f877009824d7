import { createHmac } from 'node:crypto'
import { networkOf, Problem, RateLimit, type Redis, rateLimited } from '@order-saga/common'
import type { AuthConfig } from '../config'
import { normaliseEmail } from '../domain/email'

const MINUTE_S = 60
const HOUR_S = 3_600
const DAY_S = 86_400

const wrong: ReadonlySet<string> = new Set(['invalid-credentials', 'wrong-password'])

/** Something that a password is needed for. */
export interface Attempt<T> {
  readonly email: string
  readonly address: string
  readonly attempt: () => Promise<T>
  /** Called by the first refusal of a lockout, not by those that follow. */
  readonly onLockout: () => Promise<void>
}

/** How often anybody may try what passwords can be guessed by, or accounts piled up. */
export class AttemptLimits {
  readonly #ofAccount: RateLimit
  readonly #ofAddress: RateLimit
  readonly #lockouts: RateLimit
  readonly #registrations: RateLimit
  readonly #resets: RateLimit
  readonly #config: AuthConfig

  constructor(redis: Redis, config: AuthConfig) {
    const limit = (name: string, points: number, windowS: number) =>
      new RateLimit(redis, `${config.redisPrefix}auth-service:`, { name, points, windowS })
    this.#config = config
    this.#ofAccount = limit('login-account', config.loginFailuresPerAccount, config.loginWindowS)
    this.#ofAddress = limit('login-address', config.loginFailuresPerAddress, MINUTE_S)
    // counted, never refused
    this.#lockouts = limit('lockouts', 1, DAY_S)
    this.#registrations = limit('register', config.registrationsPerAddress, HOUR_S)
    this.#resets = limit('reset', config.resetsPerAddress, HOUR_S)
  }

  async register(address: string): Promise<void> {
    await this.#registrations.admit(networkOf(address))
  }

  /** What is mailed to others because of an address; how much one of them gets is limited where codes are kept. */
  async requestReset(address: string): Promise<void> {
    await this.#resets.admit(networkOf(address))
  }

  /**
   * A point is taken before the password is looked at: of many attempts at once no more get through than one after the
   * other. Only a wrong password costs it.
   */
  async prove<T>({ email, address, attempt, onLockout }: Attempt<T>): Promise<T> {
    const [account, network] = [this.#accountKey(email), networkOf(address)]
    await this.#ofAddress.admit(network)
    await this.#admitAccount(account, onLockout)
    let isWrong = false
    try {
      return await attempt()
    } catch (error) {
      isWrong = error instanceof Problem && wrong.has(error.slug)
      throw error
    } finally {
      if (!isWrong) await Promise.all([this.#ofAddress.giveBack(network), this.#ofAccount.giveBack(account)])
    }
  }

  /** Whoever proved by a mailed code that an account is theirs does not wait for what others guessed at it. */
  async liftLockout(email: string): Promise<void> {
    await this.#ofAccount.lift(this.#accountKey(email))
  }

  async #admitAccount(account: string, onLockout: () => Promise<void>): Promise<void> {
    const { isExceeded, taken, resetMs } = await this.#ofAccount.take(account)
    if (!isExceeded) return
    const isFirstRefusal = taken === this.#config.loginFailuresPerAccount + 1
    if (!isFirstRefusal) throw rateLimited(resetMs)
    const refusedForMs = await this.#prolong(account, resetMs)
    await onLockout()
    throw rateLimited(refusedForMs)
  }

  /** The second time on a day logins are refused twice as long, then four times … up to a day. */
  async #prolong(account: string, resetMs: number): Promise<number> {
    const { taken: lockouts } = await this.#lockouts.take(account)
    if (lockouts === 1) return resetMs
    const seconds = Math.min(this.#config.loginWindowS * 2 ** (lockouts - 1), DAY_S)
    await this.#ofAccount.exhaust(account, seconds)
    return seconds * 1000
  }

  /** Of any address, whether or not it has an account; Redis learns no addresses. */
  #accountKey(email: string): string {
    return createHmac('sha256', this.#config.passwordPepper)
      .update(normaliseEmail(email) ?? email)
      .digest('base64url')
  }
}
