import type { TestShop } from '../../support/test-shop'
import { useShop } from '../../support/use-shop'
import { dieAtStart, startUpCases } from '../support/start-up'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { processes: ['order-service', 'product-service', 'auth-service'], hasAccounts: true },
)

test.each(startUpCases)(
  '$service dies at $point with $name: its second start brings about what the first should have, once',
  (doom) => dieAtStart(shop, doom),
  120_000,
)
