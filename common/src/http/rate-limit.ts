import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Redis } from '../redis'
import { rateLimited } from './problem'

/** So many points per key in a window that begins with the first of them. */
export interface Quota {
  readonly name: string
  readonly points: number
  readonly windowS: number
}

/** How a key stands after a point was taken. */
export interface Tally {
  readonly isExceeded: boolean
  readonly taken: number
  readonly remaining: number
  /** Until the window ends. */
  readonly resetMs: number
}

/**
 * Counts in Redis, in one round trip and for all instances together. While Redis is away every instance counts for
 * itself: the limit holds, and no request fails because of it.
 */
export class RateLimit {
  readonly #limiter: RateLimiterRedis

  constructor(
    redis: Redis,
    prefix: string,
    readonly quota: Quota,
  ) {
    const options = { keyPrefix: `${prefix}limit:${quota.name}`, points: quota.points, duration: quota.windowS }
    const insuranceLimiter = new RateLimiterMemory(options)
    this.#limiter = new RateLimiterRedis({
      ...options,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter,
    })
  }

  /** Takes a point, also when there is none left. */
  async take(key: string): Promise<Tally> {
    try {
      return tallyOf(await this.#limiter.consume(key), false)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      return tallyOf(refusal, true)
    }
  }

  /** Takes a point; with none left that is a 429. */
  async admit(key: string): Promise<void> {
    const { isExceeded, resetMs } = await this.take(key)
    if (isExceeded) throw rateLimited(resetMs)
  }

  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key)
  }

  /** All of them are left again, whatever was taken. */
  async lift(key: string): Promise<void> {
    await this.#limiter.delete(key)
  }

  /** None is left from now on, for so long. */
  async exhaust(key: string, seconds: number): Promise<void> {
    await this.#limiter.block(key, seconds)
  }
}

const tallyOf = (
  { consumedPoints: taken, remainingPoints: remaining, msBeforeNext: resetMs }: RateLimiterRes,
  isExceeded: boolean,
): Tally => ({ isExceeded, taken, remaining, resetMs })
