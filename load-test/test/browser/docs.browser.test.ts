import { serviceNames } from '@order-saga/common'
import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'
import { useBrowser } from './support/use-browser'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true, processes: serviceNames },
)
const browser = useBrowser(() => shop.urls.map((url) => new URL(url).host))

test.each(serviceNames)('the documents of %s open', async (service) => {
  const page = await browser.newPage()
  await page.goto(`${shop.url(service)}/docs`)
  await page.getByRole('heading', { name: service }).waitFor()
  await browser.picture(page, service)
})
