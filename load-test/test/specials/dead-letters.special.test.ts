import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { databaseOf, type Id } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { PAID, storyOf } from '../support/story'
import type { Customer, TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'

let shop: TestShop
let ada: Customer
let productId: Id
// before the shop is looked at: a test that fails leaves the defect behind
afterEach(() => fix())
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true },
)
beforeEach(async () => {
  ada = await shop.customer()
  productId = await shop.product()
})

interface Said {
  readonly exitCode: number
  readonly output: string
}

/** `npm run dead-letters -- …` against this shop. */
function deadLetters(...args: string[]): Promise<Said> {
  const ports = shop.services.map((service) => [
    `SHOP_PORT_${databaseOf(service).toUpperCase()}`,
    new URL(shop.url(service)).port,
  ])
  const script = join(__dirname, '../../../scripts/dist/dead-letters.js')
  const env = { PATH: process.env.PATH, ...Object.fromEntries(ports) }
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })
}

const fix = () => shop.premises.query('product-service', 'DROP FUNCTION IF EXISTS fail() CASCADE')

/** A defect of product-service: no reservation can be written. */
async function breakReservations(): Promise<void> {
  await shop.premises.query(
    'product-service',
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a defect'; END $$;
     CREATE TRIGGER defect BEFORE UPDATE ON reservations FOR EACH ROW EXECUTE FUNCTION fail()`,
  )
}

interface Listed {
  readonly letters: readonly { readonly id: Id; readonly reason: string; readonly service: string }[]
}
const listed = async (...args: string[]) =>
  (JSON.parse((await deadLetters('list', '--json', ...args)).output) as Listed).letters

/** Lets the pauses between attempts be over, until none is left. */
const hasDied = (orderId: Id) =>
  eventually(async () => {
    await shop.premises.query('product-service', 'UPDATE parked SET next_attempt_at = now()')
    const sql = `SELECT id FROM dead_letters WHERE envelope ->> 'subject' = $1`
    const [row] = await shop.premises.query<{ id: Id }>('product-service', sql, [orderId])
    if (!row) throw new Error('it is not dead yet')
    return row.id
  }, 60_000)

test('a poisoned order is a dead letter that says why, and is redriven after the fix: paid, once', async () => {
  await breakReservations()
  const order = await shop.place(ada, [{ productId, quantity: 1 }])
  const id = await hasDied(order.id)
  const list = await deadLetters('list')
  expect(list.exitCode).toBe(0)
  expect(list.output).toMatch(/^product-service {2}handler_error {2}1$/m)
  expect(list.output).toContain(`${id}  `)
  expect((await deadLetters('show', id)).output).toContain('a defect')
  await fix()
  expect((await storyOf(shop, order.id)).order).toBe('pending')
  const redriven = await deadLetters('redrive', id, '--why', 'the defect is fixed')
  expect(redriven).toEqual({ exitCode: 0, output: `✓ product-service ${id} parked\n` })
  await ends(shop, order, PAID)
  expect(await deadLetters('redrive', id, '--why', 'once more')).toMatchObject({ exitCode: 1 })
  expect(await listed()).toEqual([])
})

test('letters are redriven by service and reason, and a service that does not answer hides none of the others', async () => {
  await breakReservations()
  const place = () => shop.place(ada, [{ productId, quantity: 1 }])
  const orders = [await place(), await place()]
  for (const { id } of orders) await hasDied(id)
  await fix()
  await shop.stop('cart-service')
  const list = await deadLetters('list')
  expect(list.exitCode).toBe(1)
  expect(list.output).toContain('✗ cart-service: ')
  expect(list.output).toMatch(/^product-service {2}handler_error {2}2$/m)
  await shop.start('cart-service')
  const none = await deadLetters('redrive', '--service', 'cart-service', '--why', 'fixed')
  expect(none).toEqual({ exitCode: 0, output: 'no dead letter is meant\n' })
  const both = await deadLetters('redrive', '--service', 'product-service', '--reason', 'handler_error', '--why', 'x')
  expect(both).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^(✓ .* parked\n){2}$/) })
  for (const order of orders) await ends(shop, order, PAID)
})
