import { existsSync } from 'node:fs'
import { databaseOf, databaseUrl, rolesOf, type ServiceName, serviceNames } from '@order-saga/common'
import type { AuditSources } from '../audit/index'
import { addresses } from '../infra'
import { passwordOf } from './credentials'
import { baseUrlOf } from './service-env'
import { isRunning, logFileOf } from './service-processes'

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
    instances: serviceNames.filter(isRunning).map(baseUrlOf),
    expectations: logFiles.length > 0 ? { logFiles } : {},
  }
}
