import { type Contract, type Envelope, paymentSucceeded, WorkingSet } from '@order-saga/common'
import fc from 'fast-check'
import { CartBook } from '../../../cart-service/src/db/cart-book'
import { saga as cartSaga } from '../../../cart-service/src/saga'
import { newId } from '../../../common/src/ids'
import { absentPayment, type Payment } from '../../../payment-service/src/domain'
import { absent } from '../../../product-service/src/domain/reservation'
import { ReservationBook } from '../../../product-service/src/domain/reservation-book'
import { envelopeOf, shipped } from './support/shop'
import { folded, handleAll, type Participant, textOf, unfolded } from './support/tables'
import { customerId, orderOf, productOf } from './support/world'

const orderIds = [newId(), newId(), newId()]
const [pens, desks] = [productOf(0, 3), productOf(1, 2)]
/** Every order wants both products, in either sequence; not all of them can have them. */
const linesOf = (index: number) => {
  const lines = [pens, desks].map(({ productId }) => ({ productId, quantity: 1 + (index % 2) }))
  return index === 0 ? lines : lines.reverse()
}

const byId = <S>(stateOf: (id: string, index: number) => S) =>
  new Map(orderIds.map((id, index) => [id, stateOf(id, index)]))

const order = () => ({
  tables: [byId((id, index) => orderOf(id, linesOf(index), newId()))],
  bookOf: (some: WorkingSet<never>) => some,
  steps: shipped.steps.order,
})

const product = () => ({
  tables: [byId(absent), new Map([pens, desks].map((row) => [row.productId, row]))],
  bookOf: (reservations: WorkingSet<never>, products: WorkingSet<never>) => new ReservationBook(reservations, products),
  steps: shipped.steps.product,
})

/** The provider has answered some: one payment was never heard of, one holds money, one gave it back. */
const payments = (orderId: string, index: number): Payment => {
  if (index === 0) return absentPayment
  const known = {
    ...absentPayment,
    order: { ...paymentSucceeded.example, orderId },
    chargeId: 'ch_1',
    answerId: newId(),
  }
  return index === 1
    ? { ...known, state: 'captured' }
    : { ...known, state: 'refunded', refundBy: 'cancellation', refundAnswerId: newId() }
}

const payment = () => ({
  tables: [byId(payments)],
  bookOf: (some: WorkingSet<never>) => some,
  steps: shipped.steps.payment,
})

const cart = () => ({
  tables: [
    byId(() => ({ customerId, state: 'absent', taken: [] })),
    new Map([
      [
        customerId,
        new Map([
          [pens.productId, 4],
          [desks.productId, 1],
        ]),
      ],
    ]),
  ],
  bookOf: (orders: WorkingSet<never>, carts: WorkingSet<never>) => new CartBook(orders, carts, new WorkingSet([])),
  steps: cartSaga.steps.filter(({ contract }) => contract.type.startsWith('order.')),
})

interface Case {
  readonly service: string
  readonly participant: () => Participant<never>
}

const cases = [
  { service: 'order-service', participant: order },
  { service: 'product-service', participant: product },
  { service: 'payment-service', participant: payment },
  { service: 'cart-service', participant: cart },
] as unknown as Case[]

/** An event of one of the orders, with that order's lines. Ids are fresh: the inbox has no part in this. */
function eventOf(contract: Contract, index: number): Envelope {
  const example = contract.example as Record<string, unknown>
  const priced = linesOf(index).map((line) => ({ ...line, name: 'Pen', unitPriceMinor: 1000 }))
  const data = { ...example, orderId: orderIds[index], customerId, ...('lines' in example && { lines: priced }) }
  return envelopeOf({ id: newId(), contract, data: 'fromCart' in data ? withoutExpectation(data) : data })
}

// the example's total is not that of these lines
const withoutExpectation = ({ expectedTotalMinor, ...data }: Record<string, unknown>) => data

const histories = ({ participant }: Case) => {
  const contracts = participant().steps.map(({ contract }) => contract)
  const event = fc.tuple(fc.constantFrom(...contracts), fc.nat(orderIds.length - 1))
  return fc.record({
    history: fc.array(
      event.map(([contract, index]) => eventOf(contract, index)),
      { maxLength: 16 },
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 8 }),
  })
}

const equivalence = (one: Case, handle: typeof folded) =>
  fc.asyncProperty(histories(one), async ({ history, sizes }) => {
    const oneByOne = await handleAll(one.participant(), history, [], handle)
    const inBatches = await handleAll(one.participant(), history, sizes, handle)
    expect(textOf(inBatches)).toEqual(textOf(oneByOne))
  })

describe.each(cases)('$service', (one) => {
  it('comes to the same whatever batches a history arrives in', async () => {
    await fc.assert(equivalence(one, folded), { numRuns: 500 })
  })

  it('would not, if the events of a batch did not see what the ones before them left', async () => {
    expect((await fc.check(equivalence(one, unfolded), { numRuns: 500, seed: 1 })).failed).toBe(true)
  })
})
