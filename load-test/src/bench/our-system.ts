import { ShopClient } from '@order-saga/common/client'
import { type AuditSources, audit, whenQuiet } from '@order-saga/scripts/audit'
import { serverPids } from '@order-saga/scripts/infra'
import { servicesDown } from '@order-saga/scripts/shop/shop-up'
import { openCatalogue, replenish } from '../run/catalogue'
import { registerAll } from '../run/people'
import { runningShop } from '../run/running-shop'
import { logInAsAdmin } from '../shoppers/accounts'
import type { StartSystem } from './system'

const CUSTOMERS = 64
// more than anybody buys in one measurement
const PIECES = 1_000_000
const QUIET_WITHIN_MS = 120_000

/** The shop as it is: everything switched on. */
export const startOurs: StartSystem = async (say) => {
  const shop = await runningShop(say)
  const url = shop.url.bind(shop)
  const client = new ShopClient({ baseUrlOf: url })
  const byAdmin = client.as((await logInAsAdmin(client)).token)
  const catalogue = await openCatalogue(byAdmin)
  await replenish(byAdmin, catalogue, PIECES)
  const customers = await registerAll(client, CUSTOMERS, () => {})
  const processes = shop.processes.bind(shop)
  const sources = shop.auditSources()
  return { name: 'this shop', url, processes, catalogue, customers, audit: () => atRest(sources), stop: servicesDown }
}

async function atRest(sources: AuditSources): Promise<void> {
  if (!(await whenQuiet(sources, { waitMs: QUIET_WITHIN_MS, say: () => {} })))
    throw new Error('it did not come to rest')
  const { invariants } = await audit(sources)
  const broken = invariants.filter(({ violationCount }) => violationCount > 0)
  if (broken.length > 0) throw new Error(broken.map(({ id, violations }) => `${id}: ${violations[0]}`).join('; '))
}

/** Those of the servers, which all systems share. */
export const serverProcesses = () => serverPids().map(({ title, pid }) => ({ name: title, pid }))
