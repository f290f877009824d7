import { type AuditSources, audit, type Expectations, type Told } from '@order-saga/scripts/audit'
import type { TestShop } from './test-shop'

/** Where an auditor finds a test's shop, and what only its test knows. */
export function auditSourcesOf(shop: TestShop, expectations: Expectations = {}): AuditSources {
  const { premises, outside, services, publishers, mailerLosses, queueWasLost } = shop
  const toldByHand = [...publishers.byHand.values()].map(
    ({ id, type, subject, causationid }): Told => ({ id, type, subject, cause: causationid ?? null }),
  )
  const instancesOf = Object.fromEntries(services.map((service) => [service, shop.instances]))
  return {
    databases: shop.databaseUrls,
    providerUrl: outside.providerUrl,
    mailUrl: outside.mailUrl,
    management: { url: premises.broker.managementUrl, vhost: premises.broker.vhost },
    instances: shop.urls,
    // a test looks again by itself
    expectations: {
      toldByHand,
      instancesOf,
      mailerKills: mailerLosses,
      queueWasLost,
      brokerPatienceMs: 0,
      ...expectations,
    },
  }
}

/** The promises of the shop that are broken right now, each as `id violation`. */
export async function brokenPromises(shop: TestShop, expectations: Expectations = {}): Promise<string[]> {
  const { invariants } = await audit(auditSourcesOf(shop, expectations), shop.audited)
  return invariants.flatMap(({ id, violations }) => violations.map((violation) => `${id} ${violation}`))
}
