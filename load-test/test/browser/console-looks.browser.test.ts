import { readFileSync } from 'node:fs'
import { type Id, paymentSucceeded } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Page } from 'playwright-core'
import { asOlderRelease } from '../../../common/test/support/older-release'
import type { TestShop } from '../support/test-shop'
import { useShop } from '../support/use-shop'
import { Person } from './support/person'
import { useBrowser } from './support/use-browser'

/** What holds on each page of the console: nobody is kept out, and it fits wherever it is looked at. */

let shop: TestShop
useShop(
  (opened) => {
    shop = opened
  },
  { hasAccounts: true, isWatched: true, hasAuditor: true },
)
const browser = useBrowser(() => shop.urls.map((url) => new URL(url).host))

let orderId: Id
beforeAll(async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const order = await shop.place(ada, [{ productId, quantity: 1 }], { paymentToken: 'tok_chargeDeclined' })
  orderId = (await shop.poll(ada, order)).id
})

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run(document)')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

const excessWidth = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

const pages = ['sagas', 'journey', 'health', 'choreography', 'logs'] as const

async function checkLooks(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      expect([name, width, await excessWidth(page)]).toEqual([name, width, 0])
      await browser.picture(page, `${name}-${width}-${scheme}`)
    }
    expect([name, scheme, await seriousViolations(page)]).toEqual([name, scheme, []])
  }
}

test('the login', async () => {
  const page = await browser.newPage()
  await page.goto(`${shop.url('logger-service')}/`)
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  await checkLooks(page, 'login')
})

/** Logged in, at a page of the console that shows what it has. */
async function at(address: string): Promise<Person> {
  const page = await browser.newPage()
  const person = new Person(page)
  await page.goto(`${shop.url('logger-service')}/`)
  await person.logIn()
  await page.getByRole('heading', { name: 'Sagas' }).waitFor()
  await page.goto(`${shop.url('logger-service')}/#/${address}`)
  await page.locator('main .state, main .card, main .verdict').first().waitFor()
  await eventually(async () => expect(await page.getByText('Loading …').count()).toBe(0), 60_000)
  return person
}

test.each(pages)('%s', async (name) => {
  const { page } = await at(name === 'journey' ? `journey/${orderId}` : name)
  await checkLooks(page, name)
})

test('audits, of which one found something', async () => {
  const person = await at('audit')
  await person.sees('No audit has been run yet.')
  await shop.premises.query('product-service', 'UPDATE products SET sold = sold + 1')
  await person.press('Run the audit')
  await person.sees('violated')
  await person.sees(/^and \d+ more$/)
  await shop.premises.query('product-service', 'UPDATE products SET sold = sold - 1')
  await person.press('Run the audit')
  await person.sees('Before')
  await person.page.getByText('running', { exact: true }).waitFor({ state: 'detached' })
  await checkLooks(person.page, 'audit')
})

test('dead letters, and what is asked before one is redriven', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  const upgrade = asOlderRelease(paymentSucceeded)
  try {
    await shop.place(ada, [{ productId, quantity: 1 }])
    const person = await at('dead-letters')
    const { page } = person
    const groups = page.getByRole('link', { name: 'unsupported version' })
    await eventually(async () => expect(await groups.count()).toBe(2), 60_000)
    await groups.first().click()
    await person.sees('urn:order-saga:event:payment.succeeded:1')
    await checkLooks(page, 'dead-letters')
    await person.press('Message')
    await page.getByRole('dialog').getByText('"payment.succeeded"').waitFor()
    await checkLooks(page, 'dead-letters-message')
    await page.keyboard.press('Escape')
    upgrade()
    for (const service of ['logger-service', 'order-service']) {
      await person.press(`Redrive all: unsupported version in ${service}`)
      if (service === 'order-service') await checkLooks(page, 'dead-letters-redrive')
      await person.write('Why may it work now?', 'upgraded')
      await person.press('Redrive now')
      await person.sees(`1 letter of ${service}, handled once more`)
    }
  } finally {
    upgrade()
  }
})
