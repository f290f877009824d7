import { LogReceiver, type Runtime } from '@order-saga/common'
import { Counter } from 'prom-client'
import type { LoggerConfig } from './config'
import { insertLines } from './db/log-lines'

// of two kilobytes each, or so
const MAX_ROWS = 500

/** Stores what services say of themselves while the service listens. */
export function hearLogs(runtime: Runtime, config: LoggerConfig): void {
  const { app, database, metrics } = runtime
  const stored = new Counter({
    name: 'log_lines_total',
    help: 'Log lines that came from services: stored, or refused since they are none',
    labelNames: ['outcome'],
    registers: [metrics.registry],
  })
  const receiver = new LogReceiver({
    service: 'logger-service',
    url: config.amqpUrl,
    heartbeatS: config.amqpHeartbeatS,
    store: async (lines) => {
      for (let at = 0; at < lines.length; at += MAX_ROWS) await insertLines(database, lines.slice(at, at + MAX_ROWS))
      stored.inc({ outcome: 'stored' }, lines.length)
    },
    onRefused: (lines) => stored.inc({ outcome: 'refused' }, lines),
  })
  app.addHook('onListen', async () => receiver.start())
  runtime.onClose(() => receiver.close())
}
