import { logInAsAdmin, must } from './demo/shop'
import { fail } from './fail'

const PUBLISHERS = ['product-service', 'auth-service'] as const

/** npm run announce: products and accounts are told again as snapshots, which fills a new or lost replica. */
async function main(): Promise<void> {
  const token = await logInAsAdmin()
  for (const service of PUBLISHERS) {
    await must(service, '/announce', { method: 'POST', token })
    process.stdout.write(`✓ ${service} announces everything it has\n`)
  }
}

main().catch(fail)
