import { type Id, networkOf, Problem, RateLimit, type Redis } from '@order-saga/common'
import type { Peers } from './peers/peers'

// auth-service refuses an address after twenty a minute, and to an auth-service that does not trust us as a proxy we are
// one address: nobody gets so far through us that everybody else has to wait
const WRONG_A_MINUTE = 10

/** Whose request is passed on, so that auth-service counts and logs them and not us. */
export interface Asking {
  readonly ip: string
  readonly id: Id
}

export interface Tokens {
  readonly accessToken: string
  readonly tokenType: 'Bearer'
  readonly expiresIn: number
  readonly refreshToken: string
  readonly sessionEndsAt: string
}

/** Logins of the console, which asks one origin only. auth-service decides; nothing of a password stays here. */
export class Sessions {
  readonly #wrong: RateLimit

  constructor(
    private readonly peers: Peers,
    redis: Redis,
    redisPrefix: string,
  ) {
    const quota = { name: 'wrong-logins', points: WRONG_A_MINUTE, windowS: 60 }
    this.#wrong = new RateLimit(redis, `${redisPrefix}logger-service:`, quota)
  }

  async begin(asking: Asking, credentials: { email: string; password: string }): Promise<Tokens> {
    const network = networkOf(asking.ip)
    await this.#wrong.admit(network)
    let isWrong = false
    try {
      return await this.#post('/login', asking, { body: credentials })
    } catch (error) {
      isWrong = error instanceof Problem && error.status === 401
      throw error
    } finally {
      if (!isWrong) await this.#wrong.giveBack(network)
    }
  }

  refresh(asking: Asking, refreshToken: string): Promise<Tokens> {
    return this.#post('/refresh', asking, { body: { refreshToken } })
  }

  async end(asking: Asking, token: string): Promise<void> {
    await this.#post('/logout', asking, { token })
  }

  #post<T>(path: string, { ip, id }: Asking, question: { body?: object; token?: string }): Promise<T> {
    const headers = { 'x-forwarded-for': ip, 'x-request-id': id }
    return this.peers.must('auth-service', path, { method: 'POST', headers, ...question })
  }
}
