import { types } from 'node:util'

/** Somebody else changed the row between our lock and our write: the decision must be made again. */
export class StaleWrite extends Error {
  constructor(statement: string, expected: number, written: number) {
    super(`${statement} wrote ${written} rows instead of ${expected}`)
    this.name = 'StaleWrite'
  }
}

/** Trying again cannot help: the message becomes a dead letter at once. */
export class PermanentError extends Error {
  constructor(
    readonly reason: string,
    message: string = reason,
  ) {
    super(message)
    this.name = 'PermanentError'
  }
}

/**
 * - `infrastructure`: a server is away; not the message's fault, hold and try the same again
 * - `contention`: lost against another transaction; redo at once
 * - `permanent`: dead letter
 * - `transient`: anything else; park and try later
 */
export type ErrorClass = 'infrastructure' | 'contention' | 'permanent' | 'transient'

// 40001 serialization, 40P01 deadlock, 55P03 lock timeout, 23505 two inserts of one aggregate
const contention = new Set(['40001', '40P01', '55P03', '23505'])

const socketErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'])

// a certificate that ran out or that nobody vouches for: somebody is going to renew it
const untrusted = /CERT|^UNABLE_TO_|^ERR_(TLS|SSL)_/

// 08 connection, 53 resources (too many connections, disk full), 57P shutdown and crash, 25006 read-only standby
const serverAway = /^(08...|53...|57P..|25006)$/

const connectionLost =
  /connection (terminated|ended|timeout)|timeout exceeded when trying to connect|not queryable|Query read timeout/i

export function classify(error: unknown): ErrorClass {
  if (error instanceof PermanentError) return 'permanent'
  if (error instanceof StaleWrite) return 'contention'
  // not instanceof: a socket's error may come from another realm, as under Jest
  if (!types.isNativeError(error)) return 'transient'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (contention.has(code)) return 'contention'
  if (socketErrors.has(code) || serverAway.test(code) || connectionLost.test(error.message)) return 'infrastructure'
  if (untrusted.test(code)) return 'infrastructure'
  // TypeORM hides a lost connection behind this name
  if (error.name === 'QueryRunnerProviderAlreadyReleasedError') return 'infrastructure'
  return 'transient'
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
