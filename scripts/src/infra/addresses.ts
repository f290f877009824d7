import { development } from './credentials'
import type { Ports } from './ports'
import { portsFromEnv } from './ports'

/** Where an administrator reaches everything. Services get addresses with their own users from the topology. */
export interface Addresses {
  /** Superuser, database `postgres`. */
  postgresAdminUrl: string
  /** Management HTTP API with an administrator's user and password. */
  amqpAdminUrl: string
  /** Without user and path; of a cluster one per node, comma separated. */
  amqpUrlBase: string
  /** The same administrator over AMQP, with the shop's vhost; of a cluster at its first node. */
  amqpAdminAmqpUrl: string
  vhost: string
  redisUrl: string
  smtpUrl: string
  mailApiUrl: string
  providerUrl: string
}

/** The same for private servers and for Docker, which publishes the same ports; each can be overridden. */
export function addresses(env: NodeJS.ProcessEnv = process.env, ports: Ports = portsFromEnv(env)): Addresses {
  const { postgres, rabbitmq, redis } = development
  const vhost = env.SHOP_AMQP_VHOST || rabbitmq.vhost
  const amqpUrlBase = env.SHOP_AMQP_URL_BASE || `amqp://127.0.0.1:${ports.amqp}`
  const amqpAdminUrl =
    env.SHOP_AMQP_ADMIN_URL || `http://${rabbitmq.user}:${rabbitmq.password}@127.0.0.1:${ports.management}`
  return {
    postgresAdminUrl:
      env.SHOP_POSTGRES_ADMIN_URL ||
      `postgres://${postgres.user}:${postgres.password}@127.0.0.1:${ports.postgres}/postgres`,
    amqpAdminUrl,
    amqpUrlBase,
    amqpAdminAmqpUrl: adminOverAmqp(amqpUrlBase, amqpAdminUrl, vhost),
    vhost,
    redisUrl: env.SHOP_REDIS_URL || `redis://:${redis.password}@127.0.0.1:${ports.redis}/0`,
    smtpUrl: env.SHOP_SMTP_URL || `smtp://127.0.0.1:${ports.smtp}`,
    mailApiUrl: env.SHOP_MAIL_API_URL || `http://127.0.0.1:${ports.mailWeb}`,
    providerUrl: env.SHOP_PROVIDER_URL || `http://127.0.0.1:${ports.provider}`,
  }
}

function adminOverAmqp(base: string, admin: string, vhost: string): string {
  const { username, password } = new URL(admin)
  const { protocol, host } = new URL(base.split(',')[0] ?? base)
  return `${protocol}//${username}:${password}@${host}/${encodeURIComponent(vhost)}`
}
