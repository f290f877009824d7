import { type Envelope, type Id, newId, type OrderLine, statement } from '@order-saga/common'
import fc from 'fast-check'
import { SagaRunner } from '../../common/src/saga/saga-runner'
import { lockCarts } from '../src/db/carts'
import { saga } from '../src/saga'
import { type CartUnderTest, cartUnderTest } from './cart-under-test'
import { back, cancelled, created, deleted, left, snapshot } from './events'

let shop: CartUnderTest
beforeAll(async () => {
  shop = await cartUnderTest()
})
afterAll(() => shop.close())

const [desk, lamp] = [newId(), newId()]
const twoDesks: OrderLine[] = [{ productId: desk, quantity: 2 }]

const fill = async (customer: Id, quantity: number, productId = desk) => {
  await shop.send(customer, 'PUT', `/cart/items/${productId}`, { quantity })
}
const piecesOf = async (customer: Id, productId = desk) => {
  const { lines } = (await shop.send(customer, 'GET', '/cart')).json()
  return lines.find((line: { productId: Id }) => line.productId === productId)?.quantity ?? 0
}

test('an order takes its lines, a cancelled one puts back exactly those', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  await shop.hear(created(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(3)
  expect(await shop.orderOf(order)).toEqual({ state: 'taken', taken: twoDesks })
  await shop.hear(cancelled(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(5)
  expect(await shop.orderOf(order)).toEqual({ state: 'returned', taken: twoDesks })
})

test('an order takes what is left, and that is what comes back', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 1)
  await shop.hear(created(order, customer, twoDesks))
  await fill(customer, 4)
  await shop.hear(cancelled(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(5)
})

test('the same event a hundred times has one effect', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  const [first, last] = [created(order, customer, twoDesks), cancelled(order, customer, twoDesks)]
  for (let i = 0; i < 20; i++) await shop.hear(first)
  await shop.hear(...Array.from({ length: 80 }, () => first))
  expect(await piecesOf(customer)).toBe(3)
  await Promise.all(Array.from({ length: 10 }, () => shop.hear(last)))
  expect(await piecesOf(customer)).toBe(5)
})

test('a repeat under a new id has no second effect', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  await shop.hear(created(order, customer, twoDesks))
  await shop.hear(created(order, customer, twoDesks), created(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(3)
  await shop.hear(cancelled(order, customer, twoDesks))
  await shop.hear(cancelled(order, customer, twoDesks), created(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(5)
})

test('a cancel that overtakes its order leaves a tombstone: the cart stays untouched', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  await shop.hear(cancelled(order, customer, twoDesks))
  expect(await shop.orderOf(order)).toEqual({ state: 'returned', taken: [] })
  await shop.hear(created(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(5)
})

test('an order that was not made from the cart leaves it alone and no trace', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  await shop.hear(created(order, customer, twoDesks, false))
  expect([await piecesOf(customer), await shop.orderOf(order)]).toEqual([5, undefined])
  await shop.hear(cancelled(order, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(5)
})

test('an order and its end in one batch leave the cart as it was', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  await shop.hear(created(order, customer, twoDesks), cancelled(order, customer, twoDesks))
  expect([await piecesOf(customer), (await shop.orderOf(order))?.state]).toEqual([5, 'returned'])
})

test('two orders of one customer in one batch each take what the other left', async () => {
  const [customer, one, other] = [newId(), newId(), newId()]
  await fill(customer, 3)
  await shop.hear(created(one, customer, twoDesks), created(other, customer, twoDesks))
  expect(await piecesOf(customer)).toBe(0)
  expect((await shop.orderOf(other))?.taken).toEqual([{ productId: desk, quantity: 1 }])
})

test('claim and effect are one transaction: a failure after the save leaves neither', async () => {
  const [customer, order] = [newId(), newId()]
  await fill(customer, 5)
  const handled = await shop.handled()
  const failing = shop.settlerOf({
    ...saga,
    close: async (tx, book) => {
      await saga.close(tx, book)
      throw new Error('just before the commit')
    },
  })
  const event = created(order, customer, twoDesks)
  await failing.settle([{ event, brokerUser: event.source }], [])
  expect([await piecesOf(customer), await shop.orderOf(order), await shop.handled()]).toEqual([5, undefined, handled])
})

describe('edits and orders at the same time', () => {
  test('lose nothing', async () => {
    const customer = newId()
    await fill(customer, 100)
    const orders = Array.from({ length: 10 }, newId)
    await Promise.all([
      ...Array.from({ length: 20 }, () => shop.send(customer, 'POST', '/cart/items', { productId: desk, quantity: 1 })),
      ...orders.map((order) => shop.hear(created(order, customer, twoDesks))),
    ])
    expect(await piecesOf(customer)).toBe(100)
    await Promise.all([
      ...Array.from({ length: 20 }, () => shop.send(customer, 'POST', '/cart/items', { productId: desk, quantity: 1 })),
      ...orders.map((order) => shop.hear(cancelled(order, customer, twoDesks))),
    ])
    expect(await piecesOf(customer)).toBe(140)
  })

  test('begin a cart once', async () => {
    const customer = newId()
    const add = { productId: desk, quantity: 1 }
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.send(customer, 'POST', '/cart/items', add)))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    expect(await piecesOf(customer)).toBe(20)
  })
})

describe('crossing batches wait for each other and never deadlock', () => {
  // without the settler, which would try again unnoticed
  const runner = new SagaRunner(saga)
  const run = (events: Envelope[]) => shop.database.transaction((tx) => runner.run(tx as never, events))
  const ids = (n: number) => Array.from({ length: n }, newId)
  const rounds = Array.from({ length: 8 })

  test('on carts, new ones and known ones', async () => {
    const batch = (customers: Id[]) => customers.map((customer) => created(newId(), customer, twoDesks))
    for (const _ of rounds) {
      const known = ids(3)
      await Promise.all(known.map((customer) => fill(customer, 100)))
      const customers = [...ids(20), ...known]
      const backwards = [...customers].reverse()
      await Promise.all([customers, backwards, customers, backwards].map((each) => run(batch(each))))
      expect(await Promise.all(known.map((customer) => piecesOf(customer)))).toEqual(known.map(() => 100 - 8))
    }
  })

  test('on carts that all of them make', async () => {
    for (const _ of rounds) {
      const fresh = ids(1000)
      const backwards = [...fresh].reverse()
      const lock = (customers: Id[]) => shop.database.transaction((tx) => lockCarts(tx, customers))
      await Promise.all([fresh, backwards, fresh, backwards].map(lock))
    }
  })

  test('on orders, which end the same whoever comes first', async () => {
    const customer = newId()
    await fill(customer, 900)
    for (const _ of rounds) {
      const orders = ids(200)
      const creations = orders.map((order) => created(order, customer, twoDesks))
      const cancels = orders.map((order) => cancelled(order, customer, twoDesks)).reverse()
      await Promise.all([run(creations), run(cancels), run([...creations].reverse()), run([...cancels].reverse())])
      for (const order of orders.slice(0, 5)) expect((await shop.orderOf(order))?.state).toBe('returned')
      expect(await piecesOf(customer)).toBe(900)
    }
  })
})

describe('the replica of the catalogue', () => {
  test('prices a cart anew when the catalogue changes, and never goes back', async () => {
    const customer = newId()
    await fill(customer, 2, lamp)
    const lampLine = async () => (await shop.send(customer, 'GET', '/cart')).json().lines[0]
    expect(await lampLine()).toMatchObject({ name: null, unitPriceMinor: null, isAvailable: false })
    await shop.hear(snapshot(lamp, 2, { name: 'Lamp', priceMinor: 900 }))
    await shop.hear(snapshot(lamp, 1, { name: 'Old lamp', priceMinor: 100 }))
    expect(await lampLine()).toMatchObject({
      name: 'Lamp',
      unitPriceMinor: 900,
      lineTotalMinor: 1800,
      isAvailable: true,
    })
    await shop.hear(snapshot(lamp, 4, { name: 'New lamp' }), deleted(lamp, 5), snapshot(lamp, 3))
    expect(await lampLine()).toMatchObject({ name: 'New lamp', isAvailable: false })
  })

  test('holds the largest price exactly', async () => {
    const [customer, jewel] = [newId(), newId()]
    await fill(customer, 1, jewel)
    await shop.hear(snapshot(jewel, 1, { priceMinor: 999_999_999_999 }))
    expect((await shop.send(customer, 'GET', '/cart')).json().totalMinor).toBe(999_999_999_999)
  })
})

describe('any batch equals one by one', () => {
  const dump = statement<{ what: string }>(
    'dump',
    `SELECT row_to_json(t)::text AS what FROM (
       SELECT 'line' AS kind, customer_id::text AS a, product_id::text AS b, quantity::text AS c FROM cart_lines
       UNION ALL SELECT 'order', order_id::text, state, taken::text FROM cart_orders
       UNION ALL SELECT 'product', product_id::text, concat(version, ' ', stock_version), concat(name, price_minor, available, is_deleted) FROM products
     ) t ORDER BY 1`,
  )
  const wipe = statement(
    'wipe',
    'WITH l AS (DELETE FROM cart_lines), o AS (DELETE FROM cart_orders), p AS (DELETE FROM products) DELETE FROM inbox',
  )
  const stock = statement(
    'stock',
    `WITH c AS (INSERT INTO carts SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING)
     INSERT INTO cart_lines SELECT c, p, 500 FROM unnest($1::uuid[]) AS c, unnest($2::uuid[]) AS p`,
  )
  const ids = (n: number) => Array.from({ length: n }, newId)
  const [customers, products, orders] = [ids(2), ids(3), ids(4)]

  const lines = fc
    .uniqueArray(fc.constantFrom(...products), { minLength: 1 })
    .chain((some) =>
      fc.tuple(
        ...some.map((productId) =>
          fc.record({ productId: fc.constant(productId), quantity: fc.integer({ min: 1, max: 900 }) }),
        ),
      ),
    )
  const version = fc.integer({ min: 1, max: 4 })
  const orderIndex = fc.nat(orders.length - 1)
  const customerOf = (order: number) => customers[order % 2] ?? ''
  const event: fc.Arbitrary<Envelope> = fc.oneof(
    fc
      .tuple(orderIndex, lines, fc.boolean())
      .map(([i, some, fromCart]) => created(orders[i] ?? '', customerOf(i), some, fromCart)),
    fc.tuple(orderIndex, lines).map(([i, some]) => cancelled(orders[i] ?? '', customerOf(i), some)),
    fc
      .tuple(fc.constantFrom(...products), version, fc.nat(5))
      .map(([id, v, available]) => snapshot(id, v, { available })),
    fc.tuple(fc.constantFrom(...products), version).map(([id, v]) => deleted(id, v)),
    fc.tuple(fc.constantFrom(...products), version).map(([id, v]) => left(id, v, 0)),
    fc.tuple(fc.constantFrom(...products), version).map(([id, v]) => back(id, v, 3)),
  )
  const history = fc.array(fc.array(event, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 })

  const replay = async (batches: readonly Envelope[][]) => {
    await shop.database.execute(wipe)
    await shop.database.execute(stock, [customers, products])
    for (const batch of batches) await shop.hear(...batch)
    return (await shop.database.query(dump)).map(({ what }) => what)
  }

  test('in every history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (batches) => {
        const inBatches = await replay(batches)
        expect(await replay(batches.flat().map((one) => [one]))).toEqual(inBatches)
        expect(await replay([batches.flat()])).toEqual(inBatches)
      }),
      { numRuns: 20 },
    )
  })
})
