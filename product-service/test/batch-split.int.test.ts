import { type Envelope, newId, orderCancelled, orderCreated, orderPaid, paymentFailed } from '@order-saga/common'
import { eventOf } from '@order-saga/common/testing'
import { cancelled, declined, type Order, orderFor, paid } from './given'
import { TestShop } from './test-shop'

let shop: TestShop
beforeAll(async () => {
  shop = await TestShop.open()
})
afterEach(async () => expect(await shop.unbalanced()).toEqual([]))
afterAll(() => shop.close())

// a small linear congruential generator: a failing history can be run again by its seed
const random = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

interface History {
  readonly products: string[]
  readonly events: Envelope[]
  readonly orders: Order[]
}

/** Six orders of three scarce products; every event up to three times, in any order. */
function history(seed: number): History {
  const below = random(seed)
  const products = [newId(), newId(), newId()]
  const orders = Array.from({ length: 6 }, () => {
    const wanted = products.filter(() => below(2) === 0)
    return orderFor(Object.fromEntries((wanted.length > 0 ? wanted : products).map((id) => [id, 1 + below(3)])))
  })
  const events = orders.flatMap((order) => {
    const ending = [eventOf(orderCancelled, cancelled(order)), eventOf(orderPaid, paid(order))][below(2)]
    const possible = [
      eventOf(orderCreated, order),
      eventOf(orderCreated, order),
      ending,
      eventOf(paymentFailed, declined(order)),
    ]
    return possible.flatMap((event) => (event && below(4) > 0 ? Array<Envelope>(1 + below(3)).fill(event) : []))
  })
  return { products, orders, events: shuffled(events, below) }
}

const shuffled = (events: Envelope[], below: (n: number) => number): Envelope[] => {
  for (let n = events.length - 1; n > 0; n--) {
    const other = below(n + 1)
    const [one, two] = [events[n], events[other]]
    if (one && two) [events[n], events[other]] = [two, one]
  }
  return events
}

/** The same history with ids of its own, so that all runs share one database. */
function copyOf({ products, orders, events }: History): { run: History; original: Map<string, string> } {
  const ids = [...products, ...orders.map(({ orderId }) => orderId), ...new Set(events.map(({ id }) => id))]
  const renamed = new Map<string, string>()
  // ids are renamed in their order: locks are taken in the same order as in the original
  for (const id of ids.sort()) renamed.set(id, newId())
  let text = JSON.stringify({ products, orders, events })
  for (const [from, to] of renamed) text = text.replaceAll(from, to)
  return { run: JSON.parse(text), original: new Map([...renamed].map(([from, to]) => [to, from])) }
}

async function outcomeOf(source: History, split: (events: Envelope[]) => Envelope[][]): Promise<unknown> {
  const { run, original } = copyOf(source)
  for (const id of run.products) await shop.product(4, 1000, id)
  for (const batch of split(run.events)) await shop.settle(...batch)
  const state = {
    piles: await Promise.all(run.products.map((id) => shop.piles(id))),
    reservations: await Promise.all(run.orders.map(({ orderId }) => shop.reservation(orderId))),
    told: await Promise.all([...run.orders.map(({ orderId }) => orderId), ...run.products].map((id) => shop.told(id))),
  }
  let text = JSON.stringify(withoutTimes(state))
  for (const [from, to] of original) text = text.replaceAll(from, to)
  return JSON.parse(anonymous(text, original))
}

const withoutTimes = (state: object): object =>
  JSON.parse(JSON.stringify(state, (key, value) => (key === 'time' ? undefined : value)))

/** Ids of answers are new in every run: they become their place of first appearance. */
function anonymous(text: string, original: Map<string, string>): string {
  const known = new Set(original.values())
  const places = new Map<string, string>()
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
    if (known.has(id)) return id
    const place = places.get(id) ?? `answer-${places.size}`
    places.set(id, place)
    return place
  })
}

test.each(Array.from({ length: 15 }, (_, n) => n + 1))(
  'a history in batches of any split ends like one by one (history %d)',
  async (seed) => {
    const source = history(seed)
    const below = random(seed + 1000)
    const oneByOne = await outcomeOf(source, (events) => events.map((event) => [event]))
    const atOnce = await outcomeOf(source, (events) => [events])
    const anyhow = await outcomeOf(source, (events) => {
      const batches: Envelope[][] = [[]]
      for (const event of events) {
        if (below(3) === 0) batches.push([])
        batches.at(-1)?.push(event)
      }
      return batches
    })
    expect(atOnce).toEqual(oneByOne)
    expect(anyhow).toEqual(oneByOne)
  },
)
