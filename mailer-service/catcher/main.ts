import { startCatcher } from './start-catcher'

async function main(): Promise<void> {
  const { env } = process
  const catcher = await startCatcher({
    smtpPort: Number(env.CATCHER_SMTP_PORT || 21025),
    webPort: Number(env.CATCHER_WEB_PORT || 8025),
    host: env.CATCHER_HOST || '127.0.0.1',
    auditFile: env.CATCHER_AUDIT || 'received.ndjson',
  })
  process.stdout.write(`mail catcher on ${catcher.smtpUrl}, inbox on ${catcher.webUrl}\n`)
  const stop = () => catcher.close().then(() => process.exit(0))
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
