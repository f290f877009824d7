import { type ConfigOf, type Env, readConfig, type ServiceName, serviceNames, urlSettings } from '@order-saga/common'

export const loggerSettings = [
  ...Object.values(urlSettings),
  'auditorUrl',
  'managementUrl',
  'traceUrl',
  'currency',
] as const

export type LoggerConfig = ConfigOf<(typeof loggerSettings)[number]>

export const readLoggerConfig = (env: Env): LoggerConfig => readConfig('logger-service', loggerSettings, env)

/** Whom this service asks, on behalf of a person. */
export type Peer = ServiceName | 'auditor'

export function peerUrls(config: LoggerConfig): Readonly<Record<Peer, string>> {
  const services = serviceNames.map((service) => [service, config[urlSettings[service]]])
  return { ...Object.fromEntries(services), auditor: config.auditorUrl }
}
