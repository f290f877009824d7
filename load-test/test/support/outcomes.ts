import type { ServiceName } from '@order-saga/common'
import type { TestShop } from './test-shop'

/** How many events an instance's inbox has dropped; 0 where no such instance runs. */
export async function duplicatesAt(shop: TestShop, service: ServiceName, instance = ''): Promise<number> {
  const text = await fetch(`${shop.url(service, instance)}/metrics`).then(
    (response) => response.text(),
    () => '',
  )
  const counts = [...text.matchAll(/^saga_events_total\{.*outcome="duplicate".*\} (\d+)$/gm)]
  return counts.reduce((total, [, n]) => total + Number(n), 0)
}
