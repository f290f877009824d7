import { type Id, paymentSucceeded } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Page } from 'playwright-core'
import { asOlderRelease } from '../../../common/test/support/older-release'
import { PAID } from '../support/story'
import type { Customer, TestShop } from '../support/test-shop'
import { ends, useShop } from '../support/use-shop'
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

let ada: Customer
let mug: Id
beforeAll(async () => {
  ada = await shop.customer()
  mug = await shop.product({ available: 100 })
})

const atTheConsole = async (): Promise<Person> => {
  const person = new Person(await browser.newPage())
  await person.open(`${shop.url('logger-service')}/`)
  return person
}

/** Who looks for an order just placed may be faster than the journal. */
async function orderFor(paymentToken = 'tok_visa') {
  const order = await shop.place(ada, [{ productId: mug, quantity: 1 }], { paymentToken })
  browser.forgiveUnknown(`${shop.url('logger-service')}/orders/${order.id}/journey`)
  return order
}

const loggedIn = async (): Promise<Person> => {
  const person = await atTheConsole()
  await person.logIn()
  return person
}

const atMost = 12

interface Session {
  readonly accessToken: string
}

const sessionOn = async (page: Page): Promise<Session | null> =>
  JSON.parse(await page.evaluate<string>("localStorage.getItem('order-saga-session') ?? 'null'"))

const keepSession = (page: Page, session: object): Promise<void> =>
  page.evaluate(`localStorage.setItem('order-saga-session', ${JSON.stringify(JSON.stringify(session))})`)

describe('a new user finds, by what is to be read alone', () => {
  test('why an order was cancelled', async () => {
    const order = await orderFor('tok_chargeDeclinedExpiredCard')
    await shop.poll(ada, order)
    const person = await loggedIn()
    await person.searchesFor(order)
    await person.sees(/Cancelled: the payment was declined \(card expired\), .* after it was placed/)
    await person.sees('undoes inventory.reserved')
    expect(person.actions).toBeLessThanOrEqual(atMost)
    await browser.picture(person.page, `cancelled-${person.effort}`)
  })

  test('where an order waits', async () => {
    await shop.stop('payment-service')
    const order = await orderFor()
    const person = await loggedIn()
    await person.searchesFor(order)
    await person.sees(/payment-service has not reacted to inventory\.reserved for \d+ s; it is not consuming/)
    await person.sees('product-service → order-service; not yet by payment-service')
    expect(person.actions).toBeLessThanOrEqual(atMost)
    await browser.picture(person.page, `stuck-${person.effort}`)
    await shop.start('payment-service')
    await person.sees(/^Paid, .* after it was placed/)
  })

  let upgrade = () => {}
  afterEach(() => upgrade())

  test('a poisoned one, and has it handled once more', async () => {
    upgrade = asOlderRelease(paymentSucceeded)
    const order = await orderFor()
    const person = await loggedIn()
    await person.searchesFor(order)
    await person.follow(/payment\.succeeded in order-service/)
    await person.sees('urn:order-saga:event:payment.succeeded:1')
    upgrade()
    await person.press('Redrive')
    await person.write('Why may it work now?', 'order-service is upgraded')
    await person.press('Redrive now')
    await person.sees('Redriven: 1 letter of order-service, handled once more.')
    await person.sees(/Nothing is left of unsupported version in order-service/)
    expect(person.actions).toBeLessThanOrEqual(atMost)
    await browser.picture(person.page, `redriven-${person.effort}`)
    await ends(shop, order, PAID)
    // the journal had to wait for the upgrade as well
    await person.press('Redrive all: unsupported version in logger-service')
    await person.write('Why may it work now?', 'logger-service is upgraded <b>too</b>')
    await person.press('Redrive now')
    await person.sees('No dead letters. Everything that was told has been handled.')
    await person.sees('logger-service is upgraded <b>too</b>')
  })
})

test('the keyboard alone leads from the login to a journey', async () => {
  const order = await orderFor()
  await shop.poll(ada, order)
  const { page } = await atTheConsole()
  const { keyboard } = page
  await page.getByLabel('E-mail', { exact: true }).waitFor()
  await keyboard.press('Tab')
  await keyboard.type('admin@shop.example')
  await keyboard.press('Tab')
  await keyboard.type('development-only-admin')
  await keyboard.press('Enter')
  await page.getByRole('link', { name: order.id }).waitFor()
  const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''")
  await eventually(async () => {
    await keyboard.press('Tab')
    expect(await focused()).toContain(order.id)
  })
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
  await keyboard.press('Enter')
  await page.getByText(/^Paid, /).waitFor()
  // whoever followed the link begins at the top of the journey, and meets the event there
  await eventually(async () => {
    await keyboard.press('Tab')
    expect(await focused()).toBe('order.created')
  })
  await keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Raw event' }).getByText('"order.created"').waitFor()
  await keyboard.press('Escape')
  await eventually(async () => expect(await focused()).toBe('order.created'))
})

test('what is being typed stays while the list below is brought up to date', async () => {
  const { page } = await loggedIn()
  const field = page.getByLabel('Order id', { exact: true })
  await field.fill('01a2')
  const order = await shop.place(ada, [{ productId: mug, quantity: 1 }])
  await page.getByRole('link', { name: order.id }).waitFor()
  expect(await field.inputValue()).toBe('01a2')
})

test('what customers and shopkeepers write stays text', async () => {
  const text = '<img src=/nothing onerror=alert(1)>'
  const token = await shop.authority.admin()
  const body = { sku: `sku-${Date.now()}`, name: text, category: 'kitchen', priceMinor: 100, available: 5 }
  const { body: product } = await shop.ask<{ id: Id }>('product-service', '/products', { token, body })
  const order = await shop.place(ada, [{ productId: product.id, quantity: 1 }])
  await shop.poll(ada, order)
  const person = await loggedIn()
  await person.searchesFor(order)
  await person.press('inventory.reserved')
  await person.sees(text)
  await person.open(`${shop.url('logger-service')}/#/logs?q=${encodeURIComponent(text)}`)
  await person.sees('Nothing like that was logged.')
  expect(await person.page.locator('img[src*=nothing]').count()).toBe(0)
})

test('a customer is refused, and keeps no session', async () => {
  browser.forgive('403')
  const person = await atTheConsole()
  await person.logIn(ada.email, ada.password)
  await person.sees('This is the account of a customer.')
  expect(await sessionOn(person.page)).toBeNull()
})

test('a token that has expired is renewed; a session that has ended leads to the login and back', async () => {
  browser.forgive('401')
  const { page } = await atTheConsole()
  const person = new Person(page)
  await person.logIn()
  await person.follow('Choreography')
  const first = await sessionOn(page)
  const change = (fields: object) => keepSession(page, { ...first, ...fields })
  await change({ expiresAt: 0 })
  await page.reload()
  await person.sees('drawn from contracts and saga tables')
  await person.sees('order.created')
  expect((await sessionOn(page))?.accessToken).not.toBe(first?.accessToken)
  await change({ accessToken: 'wrong', refreshToken: 'wrong' })
  await page.reload()
  await person.sees('Your session has ended.')
  await person.logIn()
  await person.sees('drawn from contracts and saga tables')
})
