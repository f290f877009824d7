import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'
import { Person } from './support/person'
import { useBrowser } from './support/use-browser'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true, isWatched: true },
)
const browser = useBrowser(() => shop.urls.map((url) => new URL(url).host))

test('a new user finds, by what is to be read alone, why an order was cancelled', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const order = await shop.place(ada, [{ productId, quantity: 2 }], { paymentToken: 'tok_chargeDeclinedExpiredCard' })
  await shop.poll(ada, order)
  const person = new Person(await browser.newPage())
  await person.open(`${shop.url('logger-service')}/`)
  await person.logIn()
  await person.write('Order id', order.id)
  await person.press('Search')
  await person.sees(/Cancelled: the payment was declined \(card expired\), .* after it was placed/)
  await person.sees('undoes inventory.reserved')
  expect(person.actions).toBeLessThanOrEqual(12)
  await browser.picture(person.page, `cancelled-${person.actions}-actions`)
})
