import { startSimulator } from './start-simulator'
import { webhookModes } from './webhooks'

async function main(): Promise<void> {
  const { env } = process
  const simulator = await startSimulator({
    port: Number(env.SIMULATOR_PORT || 8090),
    host: env.SIMULATOR_HOST || '127.0.0.1',
    ledgerFile: env.SIMULATOR_LEDGER || 'provider-ledger.ndjson',
    latencyMs: Number(env.SIMULATOR_LATENCY_MS || 0),
    lateMs: Number(env.SIMULATOR_LATE_MS || 3_000),
    webhooks: env.SIMULATOR_WEBHOOK_URL
      ? {
          url: env.SIMULATOR_WEBHOOK_URL,
          secret: env.SIMULATOR_WEBHOOK_SECRET || 'development-only-webhooks',
          mode: webhookModes.find((mode) => mode === env.SIMULATOR_WEBHOOKS) ?? 'once',
        }
      : undefined,
  })
  process.stdout.write(`payment provider simulator on ${simulator.url}\n`)
  const stop = () => simulator.close().then(() => process.exit(0))
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
