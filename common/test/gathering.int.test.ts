import { newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { effectSaga } from './support/effects'
import { type Plumbing, placeOrders, Shop } from './support/shop'

// longer than a test may take: whatever is handled before did not wait for the time to pass
const FOR_EVER_MS = 600_000

let shop: Shop
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(() => shop.reset())
afterAll(() => shop.close())

async function gathering(gatherMs: number, canWait = (_type: string) => true) {
  const { database } = await shop.start('order-service')
  const reader = await shop.start('product-service', { saga: effectSaga() as never, gatherMs, canWait })
  /** One message each: every commit is published by itself. */
  const tell = async (count: number) => {
    for (let n = 0; n < count; n++) await placeOrders(database, [newId()])
  }
  return { reader, tell }
}

async function batches({ metrics }: Plumbing): Promise<number | undefined> {
  const { values } = await metrics.batchSize.get()
  return values.find(({ metricName }) => metricName?.endsWith('_count'))?.value
}

describe('a service that nobody waits for', () => {
  it('handles what came in the meantime in one transaction', async () => {
    const { reader, tell } = await gathering(2_000)
    await tell(5)
    await eventually(async () => expect(await shop.effectIds()).toHaveLength(5))
    expect(await batches(reader)).toBe(1)
  })

  it('waits no longer once the broker hands out no more', async () => {
    const { reader, tell } = await gathering(FOR_EVER_MS)
    await tell(99)
    await eventually(() => expect(reader.consumer?.unsettled).toBe(99))
    expect(await shop.effectIds()).toEqual([])
    await tell(1)
    await eventually(async () => expect(await shop.effectIds()).toHaveLength(100))
    expect(await batches(reader)).toBe(1)
  }, 30_000)

  it('takes along what can wait as soon as something comes that cannot', async () => {
    let canWait = true
    const { reader, tell } = await gathering(FOR_EVER_MS, () => canWait)
    await tell(3)
    await eventually(() => expect(reader.consumer?.unsettled).toBe(3))
    canWait = false
    await tell(1)
    await eventually(async () => expect(await shop.effectIds()).toHaveLength(4))
    expect(await batches(reader)).toBe(1)
  })

  it('never waits with what cannot', async () => {
    const { tell } = await gathering(FOR_EVER_MS, (type) => type !== 'order.created')
    await tell(1)
    await eventually(async () => expect(await shop.effectIds()).toHaveLength(1))
  })

  it('settles what it has gathered when it is told to end', async () => {
    const { reader, tell } = await gathering(FOR_EVER_MS)
    await tell(3)
    await eventually(() => expect(reader.consumer?.unsettled).toBe(3))
    await reader.bus.stopConsuming()
    await reader.consumer?.drain()
    expect(await shop.effectIds()).toHaveLength(3)
  })

  it('lets go of what it gathers when the session ends, and handles it once, later', async () => {
    const { reader, tell } = await gathering(FOR_EVER_MS)
    await tell(3)
    await eventually(() => expect(reader.consumer?.unsettled).toBe(3))
    // of this vhost alone: every test's receiver has this user
    const { management, vhost } = shop.broker
    const listed = await eventually(async () => {
      const all = await management.get<{ name: string; user: string }[]>(`/vhosts/${vhost}/connections`)
      const names = all.filter(({ user }) => user === 'product-service').map(({ name }) => encodeURIComponent(name))
      expect(names.length).toBeGreaterThan(0)
      return names
    }, 15_000)
    await Promise.all(listed.map((name) => management.delete(`/connections/${name}`)))
    await tell(97)
    await eventually(async () => expect(await shop.effectIds()).toHaveLength(100))
  }, 60_000)
})
