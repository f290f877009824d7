import { type Decision, MAX_MINOR, newId, productBackInStock } from '@order-saga/common'
import {
  absent,
  askWhatBecame,
  type Decide,
  type Holding,
  type Reservation,
  type ReservationState,
  release,
  reserve,
  sell,
} from '../src'
import { mergeLines } from '../src/domain/price-lines'
import { type Order, orderFor, product, reservationIn, shelfOf, stateAfter } from './given'

// freezes everything below: a decision that changed its input in place would throw
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}

const summary = (decision: Decision<Holding>): string => {
  switch (decision.kind) {
    case 'changed':
      return [`→${decision.state.reservation.state}`, ...decision.emits.map(({ contract }) => contract.type)].join(
        ' + ',
      )
    case 'repeated':
      return `repeat ${decision.emits.map(({ contract }) => contract.type).join(' + ')}`
    default:
      return `${decision.kind} ${decision.reason}`
  }
}

const events: Record<string, Decide<Order>> = {
  'order.created': reserve,
  'order.cancelled': release,
  'payment.failed': release,
  'order.paid': sell,
  'overdue sweep': askWhatBecame,
}

const TOMBSTONE = '→released'
const RELEASED = '→released + inventory.released'

const table: Record<string, Record<ReservationState, string>> = {
  'order.created': {
    absent: '→reserved + inventory.reserved',
    reserved: 'repeat inventory.reserved',
    rejected: 'repeat inventory.reservation.failed',
    released: 'ignored already_released',
    sold: 'ignored already_sold',
  },
  'order.cancelled': {
    absent: TOMBSTONE,
    reserved: RELEASED,
    rejected: 'ignored nothing_held',
    released: 'ignored already_released',
    sold: 'alarm cancelled_after_sale',
  },
  'payment.failed': {
    absent: TOMBSTONE,
    reserved: RELEASED,
    rejected: 'ignored nothing_held',
    released: 'ignored already_released',
    sold: 'alarm cancelled_after_sale',
  },
  'order.paid': {
    absent: 'alarm paid_before_reserved',
    reserved: '→sold',
    rejected: 'alarm paid_though_rejected',
    released: 'alarm paid_after_release',
    sold: 'ignored already_sold',
  },
  'overdue sweep': {
    absent: 'ignored nothing_held',
    reserved: 'repeat inventory.reservation.overdue',
    rejected: 'ignored nothing_held',
    released: 'ignored nothing_held',
    sold: 'ignored nothing_held',
  },
}

const cells = Object.entries(table).flatMap(([event, row]) =>
  Object.entries(row).map(([state, expected]) => ({ event, state: state as ReservationState, expected })),
)

const pen = product({ available: 8, reserved: 2, sold: 5 })
const order = orderFor({ [pen.productId]: 2 })

function given(state: ReservationState): Holding {
  return frozen({ reservation: reservationIn(state, order, pen), shelf: shelfOf(pen) })
}

function when(event: string, holding: Holding): Decision<Holding> {
  const decide = events[event]
  if (!decide) throw new Error(`no such event: ${event}`)
  return decide(holding, frozen(order), newId)
}

const piecesOf = ({ shelf }: Holding) => {
  const { available, reserved, sold } = shelf[pen.productId] ?? pen
  return { available, reserved, sold }
}

describe('every cell of the reservation table', () => {
  test.each(cells)('$event finds $state: $expected', ({ event, state, expected }) => {
    const before = given(state)
    const decision = when(event, before)
    expect(summary(decision)).toBe(expected)
    // initial + restocked = available + reserved + sold
    const after = decision.kind === 'changed' ? decision.state : before
    const { available, reserved, sold } = piecesOf(after)
    expect(available + reserved + sold).toBe(15)
  })

  test.each(cells.filter(({ expected }) => expected.startsWith('→')))(
    '$event again after $state: no second change of stock',
    ({ event, state }) => {
      const once = stateAfter(when(event, given(state)))
      const twice = when(event, frozen(once))
      expect(['repeated', 'ignored']).toContain(twice.kind)
    },
  )
})

describe('stock', () => {
  test('is held by a reservation, given back by a release and gone after a sale', () => {
    const reserved = stateAfter(when('order.created', given('absent')))
    expect(piecesOf(reserved)).toEqual({ available: 6, reserved: 4, sold: 5 })
    expect(piecesOf(stateAfter(when('payment.failed', reserved)))).toEqual({ available: 8, reserved: 2, sold: 5 })
    expect(piecesOf(stateAfter(when('order.paid', reserved)))).toEqual({ available: 6, reserved: 2, sold: 7 })
  })

  test('of two lines of one product counts together', () => {
    const twice = { ...order, lines: [...order.lines, { productId: pen.productId, quantity: 7 }] }
    expect(mergeLines(twice.lines)).toEqual([{ productId: pen.productId, quantity: 9 }])
    const { reservation } = stateAfter(reserve(given('absent'), twice, newId))
    expect(reservation).toMatchObject({ state: 'rejected', reason: 'out_of_stock' })
  })

  test('falling to five or below is told once, on the way down', () => {
    const low = (available: number) => {
      const few = product({ available })
      const decision = reserve(
        { reservation: absent(order.orderId), shelf: shelfOf(few) },
        { ...orderFor({ [few.productId]: 1 }), orderId: order.orderId },
        newId,
      )
      return decision.kind === 'changed' ? decision.emits.slice(1).map(({ data }) => data) : []
    }
    expect(low(7)).toEqual([])
    expect(low(6)).toEqual([{ productId: expect.any(String), available: 5, threshold: 5, version: 2 }])
    expect(low(5)).toEqual([])
    expect(low(1)).toEqual([{ productId: expect.any(String), available: 0, threshold: 5, version: 2 }])
  })

  test('that comes back from nothing is told, and only where somebody can buy it', () => {
    const backOf = (available: number, isForSale = true) => {
      const few = { ...pen, available, isForSale }
      const decision = release(
        { reservation: reservationIn('reserved', order, few), shelf: shelfOf(few) },
        order,
        newId,
      )
      return decision.kind === 'changed' ? decision.emits.slice(1) : []
    }
    const told = { productId: pen.productId, available: 2, version: 2 }
    expect(backOf(0)).toEqual([expect.objectContaining({ contract: productBackInStock, data: told })])
    expect(backOf(1)).toEqual([])
    expect(backOf(0, false)).toEqual([])
  })
})

describe('the answer', () => {
  const prices = (decision: Decision<Holding>) =>
    decision.kind === 'changed' || decision.kind === 'repeated' ? decision.emits[0] : undefined

  test('carries names, prices and total of the moment of the reservation', () => {
    expect(prices(when('order.created', given('absent')))?.data).toEqual({
      orderId: order.orderId,
      customerId: order.customerId,
      lines: [{ productId: pen.productId, name: pen.name, quantity: 2, unitPriceMinor: 2850 }],
      totalMinor: 5700,
      currency: 'EUR',
      paymentToken: 'tok_visa',
      deadlineAt: order.deadlineAt,
    })
  })

  test('is repeated as it was, under a new id that names the first, whatever the price is now', () => {
    const first = when('order.created', given('absent'))
    const { reservation } = stateAfter(first)
    const dearer = { reservation, shelf: shelfOf({ ...pen, unitPriceMinor: 9999, available: 0 }) }
    const again = when('order.created', frozen(dearer))
    expect(prices(again)?.data).toEqual(prices(first)?.data)
    expect(prices(again)?.repeats).toBe(prices(first)?.id)
    expect(prices(again)?.id).not.toBe(prices(first)?.id)
  })

  test('no stays no after a restock', () => {
    const empty = { reservation: absent(order.orderId), shelf: shelfOf({ ...pen, available: 0 }) }
    const first = when('order.created', empty)
    const restocked = { reservation: stateAfter(first).reservation, shelf: shelfOf({ ...pen, available: 100 }) }
    const again = when('order.created', frozen(restocked))
    expect(summary(again)).toBe('repeat inventory.reservation.failed')
    expect(prices(again)).toMatchObject({ repeats: prices(first)?.id, data: prices(first)?.data })
  })

  test('the payment token is forgotten when nobody will charge it any more', () => {
    const reserved = stateAfter(when('order.created', given('absent')))
    for (const event of ['order.cancelled', 'order.paid'])
      expect(JSON.stringify(stateAfter(when(event, reserved)))).not.toContain('tok_visa')
  })
})

describe('a refusal', () => {
  const book = product({ unitPriceMinor: 1000, available: 3 })
  const lamp = product({ unitPriceMinor: 5000, available: 0 })
  const withdrawn = product({ isForSale: false })
  const gold = product({ unitPriceMinor: MAX_MINOR, available: 5000 })
  const shelf = shelfOf(book, lamp, withdrawn, gold)
  const unknown = newId()

  const answer = (quantities: Record<string, number>, expectedTotalMinor?: number): Reservation => {
    const asked = orderFor(quantities, expectedTotalMinor === undefined ? {} : { expectedTotalMinor })
    const after = stateAfter(reserve(frozen({ reservation: absent(asked.orderId), shelf }), asked, newId))
    if (after.reservation.state === 'rejected') expect(after.shelf).toEqual(shelf)
    return after.reservation
  }
  const refused = (reason: string, details: object) => expect.objectContaining({ state: 'rejected', reason, details })

  test('names the products that are short, and holds none of the others', () => {
    expect(answer({ [book.productId]: 1, [lamp.productId]: 1 })).toEqual(
      refused('out_of_stock', { productIds: [lamp.productId] }),
    )
  })

  test('names products that do not exist or are not for sale', () => {
    expect(answer({ [book.productId]: 1, [withdrawn.productId]: 1, [unknown]: 1 })).toEqual(
      refused('product_unavailable', { productIds: [withdrawn.productId, unknown] }),
    )
  })

  test('names the total as it is now when another was expected', () => {
    expect(answer({ [book.productId]: 2 }, 1999)).toEqual(refused('price_changed', { actualTotalMinor: 2000 }))
    expect(answer({ [book.productId]: 2 }, 2000)).toMatchObject({ state: 'reserved', totalMinor: 2000 })
  })

  test('a total above the limit, or more pieces than one line may have, is too large', () => {
    expect(answer({ [gold.productId]: 1 })).toMatchObject({ state: 'reserved', totalMinor: MAX_MINOR })
    expect(answer({ [gold.productId]: 2 })).toEqual(refused('order_too_large', {}))
    const treasure = Array.from({ length: 10 }, () => product({ unitPriceMinor: MAX_MINOR, available: 5000 }))
    const all = { lines: treasure.map(({ productId }) => ({ productId, quantity: 1000 })) }
    const huge = reserve({ reservation: absent(order.orderId), shelf: shelfOf(...treasure) }, orderFor({}, all), newId)
    expect(stateAfter(huge).reservation).toEqual(refused('order_too_large', {}))
    const lines = [600, 600].map((quantity) => ({ productId: book.productId, quantity }))
    const asked = orderFor({}, { lines })
    const decision = reserve({ reservation: absent(asked.orderId), shelf }, asked, newId)
    expect(stateAfter(decision).reservation).toEqual(refused('order_too_large', {}))
  })

  test.each([
    ['product_unavailable', { [withdrawn.productId]: 1, [gold.productId]: 9, [lamp.productId]: 1 }],
    ['order_too_large', { [gold.productId]: 9, [lamp.productId]: 1 }],
    ['out_of_stock', { [lamp.productId]: 1 }],
    ['price_changed', { [book.productId]: 1 }],
  ])('of several reasons tells %s first', (reason, quantities) => {
    expect(answer(quantities, 1)).toMatchObject({ state: 'rejected', reason })
  })
})
