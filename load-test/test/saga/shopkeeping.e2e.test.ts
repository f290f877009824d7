import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseOf, type Id, newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { cartOf, orderCart } from '../support/cart'
import { PAID } from '../support/story'
import type { TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

/** From a shopkeeper's file to a guest's order: the promises are checked on all of it. */

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true },
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Said {
  readonly exitCode: number
  readonly lines: string[]
}

/** `npm run import -- FILE` against this shop. */
function importFile(name: string, text?: string): Promise<Said> {
  const file = join(folder, name)
  if (text !== undefined) writeFileSync(file, text)
  const ports = shop.services.map((service) => [
    `SHOP_PORT_${databaseOf(service).toUpperCase()}`,
    new URL(shop.url(service)).port,
  ])
  const env = { PATH: process.env.PATH, ...Object.fromEntries(ports) }
  const script = join(__dirname, '../../../scripts/dist/import.js')
  return new Promise((resolve) => {
    execFile(process.execPath, [script, file], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, lines: (stdout + stderr).trim().split('\n') }),
    )
  })
}

const idOf = async (sku: string): Promise<Id> => {
  const [row] = await shop.premises.query<{ id: Id }>('product-service', 'SELECT id FROM products WHERE sku = $1', [
    sku,
  ])
  if (!row) throw new Error(`${sku} is not in the catalogue`)
  return row.id
}

test('a file is imported line by line, once, and says which lines are wrong', async () => {
  const [mug, cup] = [newId(), newId()]
  const header = 'sku,name,category,priceMinor,available'
  const bad = `${header}\n${mug},"Mug, blue",kitchen,1650,7\n${cup},Cup,kitchen,12.50,4\n${mug},Mug,kitchen,1,1\n`
  expect(await importFile('bad.csv', bad)).toEqual({
    exitCode: 1,
    lines: [
      expect.stringMatching(/^✗ line [34]: /),
      expect.stringMatching(/^✗ line [34]: /),
      '✗ 3 products: 1 created, 0 changed, 0 unchanged, 2 refused',
    ],
  })
  const good = JSON.stringify([
    { sku: mug, name: 'Mug, green', category: 'kitchen', priceMinor: 1650 },
    { sku: cup, name: 'Cup', category: 'kitchen', priceMinor: 1250, available: 4 },
  ])
  const first = '✓ 2 products: 1 created, 1 changed, 0 unchanged, 0 refused'
  expect(await importFile('good.json', good)).toEqual({ exitCode: 0, lines: [first] })
  const second = '✓ 2 products: 0 created, 0 changed, 2 unchanged, 0 refused'
  expect(await importFile('good.json')).toEqual({ exitCode: 0, lines: [second] })
})

test.each([
  ['nothing.csv', undefined, 'ENOENT'],
  ['notes.txt', 'a mug', 'neither .csv nor .json'],
  ['half.json', '[{', 'JSON'],
])('%s cannot be imported', async (name, text, words) => {
  const { exitCode, lines } = await importFile(name, text)
  expect([exitCode, lines.length]).toEqual([1, 1])
  expect(lines[0]).toContain(words)
})

test('an imported product is corrected, restocked, found by a guest and bought after logging in', async () => {
  const sku = newId()
  const body = [{ sku, name: `Lamp ${sku}`, category: 'living', priceMinor: 4_900, available: 9 }]
  await importFile('lamp.json', JSON.stringify(body))
  const productId = await idOf(sku)
  const token = await shop.authority.admin()
  const move = (verb: 'adjust' | 'restock', quantity: number) =>
    shop.ask('product-service', `/products/${productId}/${verb}`, { token, body: { quantity, reason: 'counted' } })
  for (const moved of [await move('adjust', -6), await move('restock', 2)]) expect(moved.status).toBe(200)

  const found = await shop.ask<{ items: { id: Id }[] }>('product-service', `/products?text=${sku}&inStock=true`, {
    token: '',
  })
  expect(found.body.items.map(({ id }) => id)).toEqual([productId])
  const guest = await shop.ask<{ guestToken: string }>('cart-service', '/guest-carts', { token: '', method: 'POST' })
  const { guestToken } = guest.body
  await eventually(async () => {
    const headers = { 'guest-token': guestToken }
    const line = { body: { quantity: 4 }, method: 'PUT' as const, token: '', headers }
    const { body: cart } = await shop.ask('cart-service', `/guest-cart/items/${productId}`, line)
    // until the cart has heard of what was imported and delivered
    expect(cart).toMatchObject({ totalMinor: 4 * 4_900, lines: [{ isAvailable: true }] })
  })
  const ada = await shop.customer()
  const merged = await shop.ask('cart-service', '/cart/merge', { token: ada.token, body: { guestToken } })
  expect(merged.status).toBe(200)
  await ends(shop, await orderCart(shop, ada, 4 * 4_900), PAID)
  await eventually(async () => expect((await cartOf(shop, ada)).lines).toEqual([]))
  const { body: stock } = await shop.ask('product-service', `/inventory/${productId}`, { token: '' })
  expect(stock).toEqual({ productId, available: 1, reserved: 0, sold: 4 })
})
