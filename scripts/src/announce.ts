import { logInAsAdmin, shop } from './demo/shop'
import { fail } from './fail'

const PUBLISHERS = ['product-service', 'auth-service'] as const

/** npm run announce: products and accounts are told again as snapshots, which fills a new or lost replica. */
async function main(): Promise<void> {
  const admin = shop(await logInAsAdmin())
  for (const service of PUBLISHERS) {
    await admin.call(service, 'POST /announce')
    process.stdout.write(`✓ ${service} announces everything it has\n`)
  }
}

main().catch(fail)
