import { serviceNames } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'
import { ApiPage, type ShownAnswer } from './support/api-page'
import { useBrowser } from './support/use-browser'

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true, processes: serviceNames },
)
const browser = useBrowser(() => shop.urls.map((url) => new URL(url).host))

const shown = <T>({ body }: ShownAnswer) => JSON.parse(body) as T

test('somebody new gets from the visible labels to a paid order, with what is filled in already', async () => {
  const page = await browser.newPage()

  const auth = await ApiPage.open(page, shop, 'auth-service')
  await browser.picture(page, '1-auth-service')
  expect(await auth.run('Open an account')).toMatchObject({ status: 202 })
  await auth.unfold('Get an access token, and a refresh token for the next one')
  const login = await auth.execute()
  await browser.picture(page, '2-logged-in')
  expect(login.status).toBe(200)
  const { accessToken } = shown<{ accessToken: string }>(login)

  const products = await ApiPage.open(page, shop, 'product-service')
  const list = await products.run('Products on sale, in pages; text, category, prices and stock narrow them')
  expect(list.body).toContain('Stoneware mug')

  const cart = await ApiPage.open(page, shop, 'cart-service')
  await cart.authorize(accessToken)
  expect(await cart.run('Add pieces of a product')).toMatchObject({ status: 200 })
  await cart.unfold('Your cart, with the prices of this moment')
  // which hears of products when it is told
  const lines = [{ name: expect.stringContaining('Stoneware mug'), quantity: 2, isAvailable: true }]
  await eventually(async () => expect(shown(await cart.execute())).toMatchObject({ lines }))
  await browser.picture(page, '3-in-the-cart')

  const orders = await ApiPage.open(page, shop, 'order-service')
  await orders.authorize(accessToken)
  const accepted = await orders.run('Order the given items, or the cart')
  expect(accepted.status).toBe(202)
  const { id } = shown<{ id: string }>(accepted)
  await orders.unfold('Status and content of an order')
  await orders.fill('id', id)
  await eventually(async () => expect(shown(await orders.execute())).toMatchObject({ id, status: 'paid' }))
  await browser.picture(page, '4-paid')
}, 600_000)
