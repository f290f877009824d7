import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@order-saga/common'
import { startCatcher } from '../../../mailer-service/catcher/start-catcher'
import type { FaultMode } from '../../../payment-service/simulator/faults'
import type { Entry } from '../../../payment-service/simulator/ledger'
import { startSimulator } from '../../../payment-service/simulator/start-simulator'

export interface ArrivedMail {
  readonly MessageID: string
  readonly To: readonly { Address: string }[]
}

/** The world outside of the shop: a provider with a ledger and a mail server, with memories of their own. */
export interface Outside {
  readonly providerUrl: string
  readonly smtpUrl: string
  readonly mailUrl: string
  ledger(orderId?: Id): Promise<Entry[]>
  /** Whether the provider would answer a request under this key as it did before. */
  knowsKey(key: string): Promise<boolean>
  /** `text` is searched for anywhere, Message-ID included. */
  mails(text?: string): Promise<ArrivedMail[]>
  /** Makes the provider's next requests go wrong. */
  provider(fault: { mode?: FaultMode; count?: number; forgetKeys?: true }): Promise<void>
  close(): Promise<void>
}

// later than the services' patience with the provider
const LATE_MS = 600

async function json<T>(url: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {})
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response.json() as Promise<T>
}

export async function openOutside(): Promise<Outside> {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-'))
  const simulator = await startSimulator({ port: 0, ledgerFile: join(directory, 'ledger.jsonl'), lateMs: LATE_MS })
  const catcher = await startCatcher({ smtpPort: 0, webPort: 0, auditFile: join(directory, 'mails.jsonl') })
  return {
    providerUrl: simulator.url,
    smtpUrl: catcher.smtpUrl,
    mailUrl: catcher.webUrl,
    ledger: async (orderId) => {
      const query = orderId ? `?reference=${orderId}` : ''
      return (await json<{ entries: Entry[] }>(`${simulator.url}/v1/ledger${query}`)).entries
    },
    knowsKey: async (key) => (await fetch(`${simulator.url}/v1/keys/${key}`)).ok,
    mails: async (text = '') => {
      const query = `query=${encodeURIComponent(text)}&limit=5000`
      return (await json<{ messages: ArrivedMail[] }>(`${catcher.webUrl}/api/v1/messages?${query}`)).messages
    },
    provider: async (fault) => void (await json(`${simulator.url}/faults`, fault)),
    close: async () => {
      await Promise.all([simulator.close(), catcher.close()])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
