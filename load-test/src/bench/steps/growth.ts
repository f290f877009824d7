import { addresses, down } from '@order-saga/scripts/infra'
import { Databases } from '@order-saga/scripts/shop/databases'
import { servicesDown } from '@order-saga/scripts/shop/shop-up'
import { type Figures, measure } from '../measure'
import { startOurs } from '../our-system'
import { closedLoop } from '../phases'
import type { System } from '../system'
import { makePast } from './past'
import type { Step } from './step'

const TARGET = 1.15
const FEW = 1_000
const DURATION_MS = 20_000
const WARM_UP_MS = 8_000

/** What an order costs with few and with many orders before it. Begins with an empty shop, and leaves none behind. */
export const growth = (pastOrders: number): Step => ({
  about: 'what an order costs with many orders before it; FORGETS the data of this clone before and after',
  async run(say) {
    await forget()
    const system = await startOurs(say)
    try {
      await measure(system, { ...closedLoop, orders: FEW, durationMs: 120_000, seed: 1 })
      const few = costOf(await measure(system, { ...closedLoop, durationMs: DURATION_MS, seed: 2 }))
      await system.audit()
      const databases = new Databases(addresses().postgresAdminUrl)
      await makePast(databases, pastOrders, say).finally(() => databases.close())
      const many = costOf(await again(system))
      const ratio = many / few
      return [
        {
          what: `cost of an order with ${pastOrders.toLocaleString('en')} before it, to that with ${FEW.toLocaleString('en')}`,
          target: `≤ ${TARGET}`,
          measured: `${ratio.toFixed(2)} (${many.toFixed(2)} to ${few.toFixed(2)} ms of processor)`,
          isMet: ratio <= TARGET,
        },
      ]
    } finally {
      await forget()
    }
  },
})

/** Pages are read again, plans are made anew. */
async function again(system: System): Promise<Figures> {
  await measure(system, { ...closedLoop, durationMs: WARM_UP_MS, seed: 3 })
  return measure(system, { ...closedLoop, durationMs: DURATION_MS, seed: 4 })
}

const costOf = ({ processorMs }: Figures): number => Object.values(processorMs).reduce((sum, ms) => sum + ms, 0)

async function forget(): Promise<void> {
  await servicesDown()
  await down({ volumes: true })
}
