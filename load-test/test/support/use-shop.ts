import type { Id } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { brokenPromises } from './audit-shop'
import { quiet, settled } from './quiet'
import { type Story, storyOf } from './story'
import { type ShopOptions, TestShop } from './test-shop'

const OPENING_MS = 120_000

/**
 * One shop for the tests of a file or block. Before each it is whole, whatever the last test did to it; after each it
 * comes to rest and every promise is checked on everything that ever happened in it.
 */
export function useShop(opened: (shop: TestShop) => void, options: ShopOptions = {}): void {
  let shop: TestShop | undefined
  beforeAll(async () => {
    shop = await TestShop.open(options)
    opened(shop)
  }, OPENING_MS)
  beforeEach(() => shop?.restore())
  afterEach(() => shop && keepsItsPromises(shop), OPENING_MS)
  afterAll(async () => {
    try {
      if (shop) await keepsEveryPromise(shop)
    } finally {
      await shop?.close()
    }
  }, OPENING_MS)
}

export async function keepsItsPromises(shop: TestShop): Promise<void> {
  await shop.restore()
  await quiet(shop)
  await settled(shop)
  await eventually(async () => expect((await brokenPromises(shop)).filter(isNoFigureOfQueues)).toEqual([]), 60_000)
}

/** The same, with what the broker says of its queues. */
export const keepsEveryPromise = (shop: TestShop): Promise<void> =>
  eventually(async () => expect(await brokenPromises(shop)).toEqual([]), 60_000)

// seconds old: waited for once, when all tests of a shop are done
const isNoFigureOfQueues = (violation: string) => !violation.startsWith('B1 ')

/** Waits until an order's story is this one, to the last mail. */
export const ends = (shop: TestShop, { id }: { id: Id }, story: Partial<Story>): Promise<void> =>
  eventually(async () => expect(await storyOf(shop, id)).toMatchObject(story), 60_000)
