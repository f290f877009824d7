import { databaseOf, databaseUrl, rolesOf, type ServiceName } from '@order-saga/common'
import { fail } from './fail'
import { addresses } from './infra'
import { HELP, readOptions } from './replay/options'
import { type Counted, countReplay, type Outbox, replay, untilSent } from './replay/replay'
import { clockOf, onDatabase } from './replay/window'
import { passwordOf } from './shop/credentials'

const say = (line: string) => void process.stdout.write(`${line}\n`)

const outboxOf = (service: ServiceName): Outbox => ({
  service,
  url: databaseUrl(addresses().postgresAdminUrl, databaseOf(service), rolesOf(service, passwordOf).app),
})

const sum = (counted: readonly Counted[]) => counted.reduce((total, { events }) => total + events, 0)

/** npm run replay: what was told in a window of time is sent again by whoever told it. */
async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (!options) return void process.stdout.write(HELP)
  const { windowAt, services, isDryRun, isWaiting } = options
  const outboxes = services.map(outboxOf)
  const window = windowAt(await onDatabase(outboxes[0]?.url ?? '', clockOf))
  const counted = await (isDryRun ? countReplay : replay)(outboxes, window)
  for (const { service, events } of counted) say(`${service.padEnd(16)} ${String(events).padStart(8)}`)
  const total = sum(counted)
  say(isDryRun ? `${total} events would be sent again` : `${total} events are to be sent again`)
  if (isDryRun || !isWaiting || total === 0) return
  await untilSent(outboxes, window, progress(total))
  say(`✓ all ${total} are sent`)
}

/** One line that moves on a terminal; elsewhere nothing but the end. */
function progress(total: number): (unsent: Counted[]) => void {
  if (!process.stdout.isTTY) return () => {}
  return (unsent) => void process.stdout.write(`\r\x1b[K${total - sum(unsent)} of ${total} sent\r`)
}

main(process.argv.slice(2)).catch(fail)
