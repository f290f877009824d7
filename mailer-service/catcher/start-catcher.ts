import type { AddressInfo } from 'node:net'
import { Faults } from '@order-saga/common/testing/faults'
import fastify from 'fastify'
import { addApi, addAuditTrail, addFaultSwitch } from './api'
import { openAuditTrail } from './audit-trail'
import type { FaultMode } from './faults'
import { addInbox } from './inbox'
import { MailStore } from './mail-store'
import { startSmtp } from './smtp'

export interface CatcherOptions {
  /** 0 takes any free port, here and below. */
  smtpPort: number
  webPort: number
  auditFile: string
  host?: string
  /** How many mails stay in memory. */
  keep?: number
  /** How long the fault `slow` lets a sender wait. */
  slowMs?: number
}

export interface Catcher {
  smtpUrl: string
  webUrl: string
  close(): Promise<void>
}

/** A mail server that delivers to nobody: everything it takes can be read in its inbox and over its API. */
export async function startCatcher(options: CatcherOptions): Promise<Catcher> {
  const { host = '127.0.0.1', keep = 5_000, slowMs = 5_000 } = options
  const store = new MailStore(keep)
  const faults = new Faults<FaultMode>()
  const trail = await openAuditTrail(options.auditFile)
  const smtp = await startSmtp({
    port: options.smtpPort,
    host,
    faults,
    slowMs,
    receive: async (mail) => {
      await trail.append(mail)
      store.add(mail)
    },
  })
  const app = fastify({ forceCloseConnections: true })
  addApi(app, store)
  addAuditTrail(app, trail)
  addFaultSwitch(app, faults)
  addInbox(app, store)
  await app.listen({ port: options.webPort, host })
  return {
    smtpUrl: `smtp://${host}:${smtp.port}`,
    webUrl: `http://${host}:${(app.server.address() as AddressInfo).port}`,
    close: async () => {
      await Promise.all([smtp.close(), app.close()])
      await trail.close()
    },
  }
}
