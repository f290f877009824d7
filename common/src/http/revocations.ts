import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Redis } from '../redis'
import { Id } from '../schemas'

const Revoked = Type.Object({
  /** Logins that have ended: no token of theirs is good any more. */
  sessions: Type.Array(Id),
  /** By user, in seconds since 1970: no token issued before is good any more. */
  notBefore: Type.Record(Type.String(), Type.Integer()),
})
export type Revoked = Static<typeof Revoked>

const revoked = Compile(Revoked)

/** What a token says of its origin. */
export interface Origin {
  readonly userId: Id
  readonly sessionId: Id | undefined
  readonly issuedAtS: number
}

/** How often every service reads it, and auth-service writes it: no revoked token is good for twice as long. */
export const REVOCATIONS_EVERY_MS = 2_000

/**
 * Access tokens that auth-service has called back before they expire, as it publishes them in Redis. While Redis is
 * away, or has lost them and not yet been told again, the last known ones count: a token's 15 minutes bound the harm.
 */
export class Revocations {
  readonly #redis: Pick<Redis, 'get' | 'set'>
  readonly #key: string
  #read: string | null = null
  #sessions: ReadonlySet<string> = new Set()
  #notBefore: ReadonlyMap<string, number> = new Map()

  constructor(redis: Pick<Redis, 'get' | 'set'>, prefix: string) {
    this.#redis = redis
    this.#key = `${prefix}revoked`
  }

  covers({ userId, sessionId, issuedAtS }: Origin): boolean {
    if (sessionId !== undefined && this.#sessions.has(sessionId)) return true
    return issuedAtS < (this.#notBefore.get(userId) ?? 0)
  }

  /** Never throws: what cannot be read leaves what is known. */
  async refresh(): Promise<void> {
    const text = await this.#redis.get(this.#key).catch(() => null)
    if (text === null || text === this.#read) return
    const read = parsed(text)
    if (!revoked.Check(read)) return
    const { sessions, notBefore } = read as Revoked
    this.#read = text
    this.#sessions = new Set(sessions)
    this.#notBefore = new Map(Object.entries(notBefore))
  }

  /** All there are, for all services. Only auth-service does so. */
  async publish(all: Revoked): Promise<void> {
    await this.#redis.set(this.#key, JSON.stringify(all))
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
