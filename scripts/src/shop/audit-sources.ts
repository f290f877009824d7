import { existsSync } from 'node:fs'
import {
  databaseOf,
  databaseUrl,
  rolesOf,
  type ServiceName,
  serviceNames,
  settings,
  urlSettings,
} from '@order-saga/common'
import type { AuditSources } from '../audit/index'
import { addresses } from '../infra'
import { passwordOf } from './credentials'
import { baseUrlOf } from './service-env'
import { isRunning, logFileOf } from './service-processes'

/** Those that the environment names, as in containers, or else those that run here. */
function instances(): string[] {
  const given = serviceNames.flatMap((service) => process.env[settings[urlSettings[service]].env] ?? [])
  return given.length > 0 ? given : serviceNames.filter(isRunning).map(baseUrlOf)
}

/** Where an auditor finds the shop that `npm run up` started. */
export function auditSources(): AuditSources {
  const { postgresAdminUrl, providerUrl, mailApiUrl, amqpAdminUrl, vhost } = addresses()
  const databases = serviceNames.map((service) => {
    const { owner } = rolesOf(service, passwordOf)
    return [service, databaseUrl(postgresAdminUrl, databaseOf(service), owner)] as const
  })
  const logFiles = serviceNames.map(logFileOf).filter(existsSync)
  return {
    databases: Object.fromEntries(databases) as Record<ServiceName, string>,
    providerUrl,
    mailUrl: mailApiUrl,
    management: { url: amqpAdminUrl, vhost },
    instances: instances(),
    expectations: logFiles.length > 0 ? { logFiles } : {},
  }
}
