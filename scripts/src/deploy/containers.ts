import { MONITORING_USER, rolesOf, SERVICES, type ServiceName, serviceNames } from '@order-saga/common'
import { type Addresses, development } from '../infra'
import { passwordOf } from '../shop/credentials'
import { readBy, serviceEnv, urlsOf } from '../shop/service-env'

/** Ports that servers listen on inside containers, by the name under which others reach them there. */
export const serverPorts = { postgres: 5432, rabbitmq: 5672, redis: 6379, mail: 1025, provider: 8090 } as const

const { postgres, rabbitmq, redis } = development

/** Where containers find the servers. */
export const containerAddresses: Addresses = {
  postgresAdminUrl: `postgres://${postgres.user}:${postgres.password}@postgres:${serverPorts.postgres}/postgres`,
  amqpAdminUrl: `http://${rabbitmq.user}:${rabbitmq.password}@rabbitmq:15672`,
  amqpUrlBase: `amqp://rabbitmq:${serverPorts.rabbitmq}`,
  amqpAdminAmqpUrl: `amqp://${rabbitmq.user}:${rabbitmq.password}@rabbitmq:${serverPorts.rabbitmq}/${rabbitmq.vhost}`,
  vhost: rabbitmq.vhost,
  redisUrl: `redis://:${redis.password}@redis:${serverPorts.redis}/0`,
  smtpUrl: `smtp://mail:${serverPorts.mail}`,
  mailApiUrl: 'http://mail:8025',
  providerUrl: `http://provider:${serverPorts.provider}`,
}

export type Values = Readonly<Record<string, string>>

const containerUrlOf = (service: ServiceName): string => `http://${service}:${SERVICES[service].port}`

/** What production would refuse to guess: said in development too, so that whoever deploys sees it. */
const developmentDefaults = (service: ServiceName): Values =>
  Object.fromEntries(
    readBy(service).flatMap(({ env, developmentFallback }) =>
      developmentFallback === undefined ? [] : [[env, String(developmentFallback)]],
    ),
  )

/** The environment of a service in a container beside the others, with development's passwords. */
export function containerEnv(service: ServiceName): Values {
  const env = serviceEnv(service, containerAddresses, {}, containerUrlOf)
  const given = Object.entries(env).filter((entry): entry is [string, string] => isKnown(entry[1]))
  return {
    NODE_ENV: 'development',
    SHOP_HOST: '0.0.0.0',
    ...developmentDefaults(service),
    ...Object.fromEntries(given),
  }
}

const AUDITOR_URL = 'http://auditor:8091'

// what runs in no container keeps its default
const isKnown = (value: string | undefined): boolean => value !== undefined && !value.includes('//127.0.0.1')

/** The auditor reads all databases, and is asked by administrators through logger-service. */
export const auditorEnv: Values = {
  NODE_ENV: 'development',
  SHOP_HOST: '0.0.0.0',
  PORT: new URL(AUDITOR_URL).port,
  SHOP_JWKS_URL: `${containerUrlOf('auth-service')}/.well-known/jwks.json`,
  SHOP_POSTGRES_ADMIN_URL: containerAddresses.postgresAdminUrl,
  SHOP_AMQP_ADMIN_URL: containerAddresses.amqpAdminUrl,
  SHOP_PROVIDER_URL: containerAddresses.providerUrl,
  SHOP_MAIL_API_URL: containerAddresses.mailApiUrl,
  ...(urlsOf(containerUrlOf) as Values),
}

const passwords = (users: readonly string[]): Values =>
  Object.fromEntries(
    users.map((user) => [`SHOP_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`, passwordOf(user)]),
  )

const databaseUsers = serviceNames.flatMap((service) => {
  const { owner, app } = rolesOf(service, passwordOf)
  return [owner.user, app.user]
})

/** What the one-shot jobs need, which prepare databases and broker. */
export const jobEnv = {
  migrate: { SHOP_POSTGRES_ADMIN_URL: containerAddresses.postgresAdminUrl, ...passwords(databaseUsers) },
  topology: {
    SHOP_AMQP_ADMIN_URL: containerAddresses.amqpAdminUrl,
    SHOP_AMQP_URL_BASE: containerAddresses.amqpUrlBase,
    ...passwords([...serviceNames, MONITORING_USER]),
  },
} as const satisfies Record<string, Values>

export type Job = keyof typeof jobEnv
export const jobs = Object.keys(jobEnv) as Job[]

/** Whose value is for few eyes: by its name, or because a user and a password stand in it. */
export const isSecret = (name: string, value: string): boolean =>
  /PASSWORD|PASSPHRASE|SECRET|PEPPER/.test(name) || /:\/\/[^/@]*:[^/@]*@/.test(value)
