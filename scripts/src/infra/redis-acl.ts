import { createHash } from 'node:crypto'
import { type ServiceName, serviceNames, settings } from '@order-saga/common'
import { development } from './credentials'

// all that limits, product copies and revoked tokens take; INFO is how ioredis learns that a server is ready
const COMMANDS =
  'ping info select get set del incrby expire pexpire pttl hget hset eval evalsha multi exec discard'.split(' ')

export const redisPrefix = (env: NodeJS.ProcessEnv): string =>
  env[settings.redisPrefix.env] || settings.redisPrefix.fallback || ''

/** The list of revoked tokens: auth-service writes it, everybody reads it. */
const publishedBy = (service: ServiceName) => (service === 'auth-service' ? '~' : '%R~')

const hashed = (password: string) => `#${createHash('sha256').update(password).digest('hex')}`

/**
 * The users of a Redis (7.0 or newer) of ours, as an ACL file: a user for each service, who reaches the service's own
 * keys with commands that are harmless, and the administrator.
 */
export function redisAcl(
  prefix: string,
  passwordOf: (user: string) => string,
  administrator = development.redis.password,
): string {
  const allowed = COMMANDS.map((command) => `+${command}`).join(' ')
  const users = serviceNames.map((service) => {
    const keys = `~${prefix}${service}:* ${publishedBy(service)}${prefix}revoked`
    return `user ${service} on ${hashed(passwordOf(service))} ${keys} resetchannels -@all ${allowed}`
  })
  return `${[`user default on ${hashed(administrator)} ~* &* +@all`, ...users].join('\n')}\n`
}
