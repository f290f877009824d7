import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import fastify from 'fastify'
import { Ledger } from './ledger'
import type { Provider } from './provider'
import { addRoutes } from './routes'
import { type WebhookOptions, Webhooks } from './webhooks'

export interface SimulatorOptions {
  /** 0 takes any free port. */
  port: number
  ledgerFile: string
  host?: string
  latencyMs?: number
  /** When `tok_executesLate` is charged after its request. */
  lateMs?: number
  /** Without it nobody is told of anything. */
  webhooks?: WebhookOptions | undefined
}

export interface Simulator {
  url: string
  close(): Promise<void>
}

/** The payment provider: outside world to the shop, with a memory of its own that no crash of the shop touches. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { port, ledgerFile, host = '127.0.0.1', latencyMs = 0, lateMs = 3_000 } = options
  const ledger = await Ledger.open(ledgerFile)
  const webhooks = options.webhooks && new Webhooks(options.webhooks)
  if (webhooks) ledger.onEntry = (entry) => void webhooks.tell(entry)
  const provider: Provider = { ledger, lateMs, executing: new Map(), outages: new Map() }
  // Clients that wait for an answer they will never get must not hold up the end
  const app = fastify({ forceCloseConnections: true })
  addRoutes(app, { provider, webhooks, latency: async () => latencyMs > 0 && pause(latencyMs) })
  await app.listen({ port, host })
  return {
    url: `http://${host}:${(app.server.address() as AddressInfo).port}`,
    async close() {
      for (const timer of provider.executing.values()) clearTimeout(timer)
      await app.close()
      await ledger.close()
    },
  }
}
