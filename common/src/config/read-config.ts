import { readFileSync } from 'node:fs'
import { SERVICES, type ServiceName } from '../contracts/services'
import { unfitForProduction } from './production'
import type { Setting } from './setting'
import { type SettingName, type Settings, settings } from './settings'
import { splitUrls } from './split-urls'

export type Env = Readonly<Record<string, string | undefined>>

type ValueOf<S> = S extends Setting<infer T> ? T : never

/** What every service needs, whatever it does. */
export const basicSettings = [
  'nodeEnv',
  'port',
  'host',
  'maxConnections',
  'maxRequests',
  'maxLoopDelayMs',
  'trustedProxies',
  'allowedOrigins',
  'writeLimit',
  'readLimit',
  'behindTls',
  'docs',
  'logLevel',
  'failpoints',
  'otlpEndpoint',
  'otlpHeaders',
  'tracesSampler',
  'tracesSampledShare',
  'databaseUrl',
  'databasePool',
  'allowUnsafeDatabase',
  'strictPrivileges',
  'amqpUrl',
  'amqpHeartbeatS',
  'sharedBrokerUser',
  'sweepAfterMs',
  'redisUrl',
  'redisPrefix',
  'jwksUrl',
  'tokenIssuer',
  'tokenAudience',
] as const satisfies SettingName[]

export type BasicConfig = Pick<{ [K in SettingName]: ValueOf<Settings[K]> }, (typeof basicSettings)[number]>
export type ConfigOf<K extends SettingName> = BasicConfig & { [N in K]: ValueOf<Settings[N]> }

/** EX_CONFIG of sysexits.h */
export const EXIT_CONFIG = 78

export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`wrong settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** A further rule over several settings: answers what is wrong, or nothing. */
export type Rule<K extends SettingName> = (config: ConfigOf<K>) => string | false | undefined

const basicRules: Rule<never>[] = [
  ({ nodeEnv, failpoints }) =>
    nodeEnv === 'production' &&
    failpoints.length > 0 &&
    'SHOP_FAILPOINTS kills the process on purpose, refused in production',
  ({ nodeEnv, sharedBrokerUser }) =>
    nodeEnv === 'production' &&
    sharedBrokerUser !== '' &&
    'SHOP_SHARED_BROKER_USER lets every service speak for every other, refused in production',
  ({ nodeEnv, amqpUrl }) =>
    nodeEnv === 'production' &&
    splitUrls(amqpUrl).some((one) => new URL(one).pathname.length < 2) &&
    'SHOP_AMQP_URL names no vhost, refused in production',
]

/**
 * Reads and checks the settings of a service. Throws one `ConfigError` that names every wrong variable and never
 * a value. Unknown `SHOP_` names are refused: a misspelt setting would silently be a default.
 */
export function readConfig<K extends SettingName>(
  service: ServiceName,
  names: readonly K[],
  env: Env,
  rules: readonly Rule<K>[] = [],
): ConfigOf<K> {
  const problems = [...unknownNames(env), ...givenTwice(env)]
  const values = readAll([...basicSettings, ...names], SERVICES[service].port, env, problems)
  const config = values as ConfigOf<K>
  problems.push(...brokenRules([...basicRules, ...rules], config))
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

/** Some settings, for a process that is no service and may have others of its own. */
export function readSettings<K extends SettingName>(
  names: readonly K[],
  env: Env,
  port?: number,
): { [N in K]: ValueOf<Settings[N]> } {
  const problems: string[] = []
  const values = readAll(names, port, env, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return values as { [N in K]: ValueOf<Settings[N]> }
}

/** What is wrong with one of them joins the problems. */
function readAll(names: readonly SettingName[], port: number | undefined, env: Env, problems: string[]) {
  const isProduction = env.NODE_ENV === 'production'
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const setting: Setting<unknown> = name === 'port' ? { ...settings.port, fallback: port } : settings[name]
    try {
      values[name] = read(setting, env, isProduction)
    } catch (error) {
      problems.push(`${setting.env} ${error instanceof Error ? error.message : 'is wrong'}`)
    }
  }
  return values
}

const UNREAD = Symbol('unread')

/** A rule about a setting that could not be read has nothing to say: that one is a problem already. */
function brokenRules<K extends SettingName>(rules: readonly Rule<K>[], config: ConfigOf<K>): string[] {
  const get = (values: ConfigOf<K>, name: string | symbol) => {
    if (!(name in values)) throw UNREAD
    return values[name as keyof typeof values]
  }
  const asRead = new Proxy(config, { get })
  const problems = rules.map((rule) => {
    try {
      return rule(asRead)
    } catch (error) {
      if (error === UNREAD) return undefined
      throw error
    }
  })
  return problems.filter((problem) => typeof problem === 'string')
}

function read(
  { env: name, parse, fallback, developmentFallback, isSecret }: Setting<unknown>,
  env: Env,
  isProduction: boolean,
): unknown {
  const file = isSecret ? env[`${name}_FILE`] : undefined
  const raw = (file === undefined ? env[name] : contentOf(file))?.trim()
  if (raw === undefined) {
    if (fallback !== undefined) return fallback
    if (developmentFallback !== undefined && !isProduction) return developmentFallback
    throw new Error(developmentFallback === undefined ? 'is required' : 'is required in production')
  }
  if (raw === '') throw new Error('is empty')
  const unfit = isProduction ? unfitForProduction(raw) : undefined
  if (unfit) throw new Error(unfit)
  return parse(raw)
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Error('names a file that cannot be read')
  }
}

const secrets = Object.values<Setting<unknown>>(settings).filter(({ isSecret }) => isSecret)

const givenTwice = (env: Env): string[] =>
  secrets
    .filter(({ env: name }) => env[name] !== undefined && env[`${name}_FILE`] !== undefined)
    .map(({ env: name }) => `${name} is given twice, as ${name}_FILE too`)

function unknownNames(env: Env): string[] {
  const names = Object.values<Setting<unknown>>(settings).map(({ env: name }) => name)
  const known = new Set([...names, ...secrets.map(({ env: name }) => `${name}_FILE`)])
  return Object.keys(env)
    .filter((name) => name.startsWith('SHOP_') && !known.has(name))
    .map((name) => `${name} is not a setting of this project`)
}
