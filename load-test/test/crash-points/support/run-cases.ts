import { eventually } from '@order-saga/common/testing'
import { duplicatesAt } from '../../support/outcomes'
import type { Customer, TestShop } from '../../support/test-shop'
import { useShop } from '../../support/use-shop'
import type { CrashCase } from './cases'
import { arm, type Doom } from './crash'
import { Scene } from './scene'
import { stories } from './stories'

const CASE_MS = 180_000

const isAboutAccounts = ({ story }: CrashCase) => story === 'registered' || story === 'announced'

/**
 * One shop in which a service dies in every case at the moment the case names, and starts again. Then the story must
 * have ended as it should, and every promise of the shop must be kept. Answers the shop, for further tests.
 */
export function crashes(cases: readonly CrashCase[]): () => TestShop {
  let shop: TestShop
  useShop(
    (opened) => {
      shop = opened
    },
    { processes: [...new Set(cases.map(({ service }) => service))], hasAccounts: cases.some(isAboutAccounts) },
  )

  test.each(cases)(
    '$service dies at $point with $name in hand: $story',
    async ({ story, ...doom }) => {
      const ada = await shop.customer()
      const play = await stories[story](new Scene(shop, ada))
      const copiesBefore = await copies(shop)
      const death = await arm(shop, doom)
      await Promise.all([play(), death().then(() => shop.start(doom.service))])
      await leftBehind(shop, doom, copiesBefore)
      if (doom.name === 'placeOrder') await expectOneOrder(shop, ada)
    },
    CASE_MS,
  )
  return () => shop
}

/** How many mails were second copies of one that had arrived. */
async function copies({ outside }: TestShop): Promise<number> {
  const mails = await outside.mails()
  return mails.length - new Set(mails.map(({ MessageID }) => MessageID)).size
}

/** The request was sent again under its key: whether the first was carried out or not, nothing is ordered twice. */
async function expectOneOrder(shop: TestShop, { id }: Customer): Promise<void> {
  const orders = await shop.premises.query('order-service', 'SELECT id FROM orders WHERE customer_id = $1', [id])
  expect(orders).toHaveLength(1)
}

/** What shows that the process died at this moment, and not a little sooner or later. */
async function leftBehind(shop: TestShop, { service, point, name }: Doom, before: number): Promise<void> {
  if (point === 'mail.before_send') expect(await copies(shop)).toBe(before)
  if (point === 'mail.accepted') await eventually(async () => expect(await copies(shop)).toBe(before + 1))
  const isEvent = name.includes('.')
  const isKnown = (isEvent && point === 'transaction.committed') || point === 'delivery.before_ack'
  if (isKnown) await eventually(async () => expect(await duplicatesAt(shop, service)).toBeGreaterThan(0))
  if (point === 'delivery.acked') expect(await duplicatesAt(shop, service)).toBe(0)
}
