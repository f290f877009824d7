import { serviceNames } from '@order-saga/common'
import { addresses, up } from '../infra'
import { startAuditor, stopAuditor, whenAuditorReady } from './auditor-process'
import { prepareBroker, prepareDatabases } from './prepare'
import { startService, stopService, whenReady } from './service-processes'

type Report = (line: string) => void

/**
 * Servers, schemas, topology, services: everything that has to run, in the background. Repeating it changes nothing.
 * `extra` settings are for services that do not run yet.
 */
export async function shopUp(report: Report, extra: NodeJS.ProcessEnv = {}): Promise<void> {
  await prepareShop(report)
  for (const service of serviceNames) startService(service, addresses(), extra)
  startAuditor()
  await Promise.all([...serviceNames.map((service) => whenReady(service)), whenAuditorReady()])
  report(`✓ ${serviceNames.length} services and the auditor`)
}

/** The same without services and auditor. */
export async function prepareShop(report: Report): Promise<void> {
  await up(report)
  const where = addresses()
  await Promise.all([prepareDatabases(where), prepareBroker(where)])
  report('✓ Databases and topology')
}

/** Drains all services, and ends the auditor. They end before the servers they need. */
export async function servicesDown(): Promise<void> {
  await Promise.all([...serviceNames.map((service) => stopService(service)), stopAuditor()])
}
