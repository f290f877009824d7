import {
  basicSettings,
  databaseOf,
  databaseUrl,
  MONITORING_USER,
  rolesOf,
  SERVICES,
  type ServiceName,
  type Setting,
  serviceNames,
  settings,
  splitUrls,
  urlSettings,
} from '@order-saga/common'
import { type Addresses, development } from '../infra'
import { participants } from '../participants'
import { passwordOf } from './credentials'

// set by whoever starts the services; each service gets only its own
const OURS = new Set([
  'PORT',
  'SHOP_DATABASE_URL',
  'SHOP_AMQP_URL',
  'SHOP_MANAGEMENT_URL',
  'SHOP_REDIS_URL',
  'SHOP_PROVIDER_URL',
  'SHOP_SMTP_URL',
])

/** What the service reads. The rest stays out of its environment, other services' secrets above all. */
export function readBy(service: ServiceName): readonly Setting<unknown>[] {
  const own = participants.find((participant) => participant.service === service)?.settings ?? []
  return [...basicSettings, ...own].map((name) => settings[name])
}

const pick = (env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]))

/** What the caller set for the service, or put into a file. */
function givenSettings(service: ServiceName, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = readBy(service).filter((setting) => !OURS.has(setting.env))
  const names = given.flatMap(({ env: name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name]))
  return pick(env, names)
}

const systemEnv = ({ PATH, HOME, TZ }: NodeJS.ProcessEnv) => ({ PATH, HOME, TZ })

export const portOf = (service: ServiceName): number => {
  const name = `SHOP_PORT_${databaseOf(service).toUpperCase()}`
  return Number(process.env[name] || SERVICES[service].port)
}

export const baseUrlOf = (service: ServiceName): string => `http://127.0.0.1:${portOf(service)}`

/** Runs beside the services, and is none of them. */
export const auditorPort = (): number => Number(process.env.SHOP_PORT_AUDITOR || 8091)
export const auditorUrl = (): string => `http://127.0.0.1:${auditorPort()}`

/** Where services find each other. */
export const urlsOf = (
  urlOf: (service: ServiceName) => string,
  services: readonly ServiceName[] = serviceNames,
): NodeJS.ProcessEnv =>
  Object.fromEntries(services.map((service) => [settings[urlSettings[service]].env, urlOf(service)]))

/** Of a cluster: a URL per node. */
const amqpUrlOf = (service: ServiceName, { amqpUrlBase, vhost }: Addresses): string =>
  splitUrls(amqpUrlBase)
    .map((base) => {
      const url = new URL(base)
      url.username = service
      url.password = passwordOf(service)
      url.pathname = `/${encodeURIComponent(vhost)}`
      return url.href
    })
    .join()

/** As the user that may only look, on the broker's administrator's address. */
function managementUrlOf({ amqpAdminUrl }: Addresses): string {
  const url = new URL(amqpAdminUrl)
  url.username = MONITORING_USER
  url.password = passwordOf(MONITORING_USER)
  return url.href
}

/** With a user of the service's own. Of a Redis that is not ours nobody knows what users it has: as given. */
export function redisUrlOf(service: ServiceName, redisUrl: string): string {
  const url = new URL(redisUrl)
  if (url.password !== development.redis.password) return redisUrl
  url.username = service
  url.password = passwordOf(service)
  return url.href
}

/** The whole environment of a service process: nothing of another service's is in it. */
export function serviceEnv(
  service: ServiceName,
  where: Addresses,
  env: NodeJS.ProcessEnv = process.env,
  urlOf: (service: ServiceName) => string = baseUrlOf,
): NodeJS.ProcessEnv {
  const { app } = rolesOf(service, passwordOf)
  const here = {
    SHOP_JWKS_URL: `${urlOf('auth-service')}/.well-known/jwks.json`,
    ...urlsOf(urlOf),
    SHOP_AUDITOR_URL: auditorUrl(),
    PORT: new URL(urlOf(service)).port,
    SHOP_DATABASE_URL: databaseUrl(where.postgresAdminUrl, databaseOf(service), app),
    SHOP_AMQP_URL: amqpUrlOf(service, where),
    SHOP_MANAGEMENT_URL: managementUrlOf(where),
    SHOP_REDIS_URL: redisUrlOf(service, where.redisUrl),
    SHOP_PROVIDER_URL: where.providerUrl,
    SHOP_SMTP_URL: where.smtpUrl,
  }
  const names = readBy(service).map((setting) => setting.env)
  return { ...systemEnv(env), ...pick(here, names), ...givenSettings(service, env) }
}
