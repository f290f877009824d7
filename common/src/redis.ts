import { Redis } from 'ioredis'
import type { Log } from './log'

export type { Redis } from 'ioredis'

/** Never waits for Redis: a command fails at once while the connection is down, and soon when the server hangs. */
export function redisClient(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 250,
    // a timer of ioredis that outlives a connection which was never made
    disconnectTimeout: 250,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  })
  redis.on('error', (error) => log.warn({ reason: error.message }, 'redis is away'))
  redis.on('ready', () => log.info({}, 'redis is there'))
  return redis
}
