import { checkTopology, Management, manifestOf } from '@order-saga/common'
import { fail } from './fail'
import { addresses } from './infra'
import { participants } from './participants'
import { prepareBroker } from './shop/prepare'

/** npm run topology [-- --check]: makes the broker hold what contracts and saga tables say, or tells what differs. */
async function main(flags: string[]): Promise<void> {
  const where = addresses()
  if (!flags.includes('--check')) await prepareBroker(where)
  const differences = await checkTopology(new Management(where.amqpAdminUrl), manifestOf(participants), where.vhost)
  for (const difference of differences) process.stdout.write(`✗ ${difference}\n`)
  if (differences.length === 0) process.stdout.write('✓ the broker holds exactly what the manifest says\n')
  process.exitCode = differences.length === 0 ? 0 : 1
}

main(process.argv.slice(2)).catch(fail)
