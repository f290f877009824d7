import { createHmac } from 'node:crypto'
import { availableParallelism } from 'node:os'
import bcrypt from 'bcrypt'
import type { AuthConfig } from '../config'
import { Turnstile } from './turnstile'

// bcrypt runs on libuv's four threads: two stay free for DNS, files and zlib, and a core for everybody else's requests
const MAX_AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1))
// a few seconds of work at cost 10
const MAX_WAITING = 50

/** Stores passwords as bcrypt over a keyed digest: whoever has the table alone cannot even start guessing. */
export class Passwords {
  readonly #turnstile = new Turnstile(MAX_AT_ONCE, MAX_WAITING)
  readonly #cost: number
  readonly #pepper: string
  readonly #hashOfNobody: string

  constructor({ bcryptCost, passwordPepper }: Pick<AuthConfig, 'bcryptCost' | 'passwordPepper'>) {
    this.#cost = bcryptCost
    this.#pepper = passwordPepper
    this.#hashOfNobody = bcrypt.genSaltSync(bcryptCost) + '.'.repeat(31)
  }

  hash(password: string): Promise<string> {
    return this.#turnstile.pass(() => bcrypt.hash(this.#digest(password), this.#cost))
  }

  /**
   * Without a hash, for somebody who does not exist, it takes as long to say no as to a hash of today's cost. After the
   * cost was raised an older hash says no sooner, which tells that its account exists, until its owner logs in.
   */
  matches(password: string, hash = this.#hashOfNobody): Promise<boolean> {
    return this.#turnstile.pass(() => bcrypt.compare(this.#digest(password), hash))
  }

  /** Made when hashing was still cheaper. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.#cost
  }

  /** 64 characters whatever the length: bcrypt would silently drop everything after byte 72, and after a NUL. */
  #digest(password: string): string {
    return createHmac('sha384', this.#pepper).update(password.normalize('NFKC')).digest('base64')
  }
}
