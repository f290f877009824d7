import { join } from 'node:path'
import { cloneRoot } from './instance'
import { answers, respondsOk } from './probe'
import type { Server } from './server'
import { directoryFor } from './users'

/** Takes every mail and delivers none. */
export const mail: Server = {
  id: 'mail',
  title: 'Mail',
  ports: ['mailWeb', 'smtp'],
  executables: ['node'],
  async prepare({ dataDir, ports }) {
    const auditFile = join(directoryFor(undefined, join(dataDir, 'mail')), 'received.ndjson')
    const own = { CATCHER_SMTP_PORT: ports.smtp, CATCHER_WEB_PORT: ports.mailWeb, CATCHER_AUDIT: auditFile }
    return nodeProgram('mailer-service/dist/catcher/main.js', own)
  },
  async isReady({ ports }) {
    const web = respondsOk(`http://127.0.0.1:${ports.mailWeb}/readyz`)
    return (await answers({ port: ports.smtp, expect: '220' })) && web
  },
}

/** The payment provider, with its own ledger. */
export const provider: Server = {
  id: 'provider',
  title: 'Provider',
  ports: ['provider'],
  executables: ['node'],
  async prepare({ dataDir, ports }) {
    const ledger = join(directoryFor(undefined, join(dataDir, 'provider')), 'ledger.ndjson')
    return nodeProgram('payment-service/dist/simulator/main.js', {
      SIMULATOR_PORT: ports.provider,
      SIMULATOR_LEDGER: ledger,
    })
  },
  isReady: ({ ports }) => respondsOk(`http://127.0.0.1:${ports.provider}/livez`),
}

function nodeProgram(path: string, own: Record<string, string | number>) {
  const settings = Object.entries(own).map(([name, value]) => [name, String(value)])
  return {
    command: process.execPath,
    args: [join(cloneRoot, path)],
    env: { ...process.env, ...Object.fromEntries(settings) },
  }
}
