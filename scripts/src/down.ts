import { fail } from './fail'
import { down } from './infra'
import { servicesDown } from './shop/shop-up'

/** npm run down [-- --volumes]: drains the services, stops the servers, and with --volumes forgets the data. */
async function main(flags: string[]): Promise<void> {
  await servicesDown()
  await down({ volumes: flags.includes('--volumes') })
}

main(process.argv.slice(2)).catch(fail)
