import { fail } from './fail'
import { addresses } from './infra'
import { prepareBroker, prepareDatabases } from './shop/prepare'

/** Databases, schemas, topology and users on servers that already run; the one-shot job of a container deployment. */
async function main(): Promise<void> {
  const where = addresses()
  await Promise.all([prepareDatabases(where), prepareBroker(where)])
  process.stdout.write('✓ databases and topology\n')
}

main().catch(fail)
