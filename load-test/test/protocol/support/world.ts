import { type Envelope, orderCreated, tell } from '@order-saga/common'
import type { Kind } from '../../../../mailer-service/src/domain/mail'
import { createdData, type Order } from '../../../../order-service/src/domain/order'
import { pendingOrder } from '../../../../order-service/test/pending-order'
import { absentPayment, type Payment, type ProviderAnswer } from '../../../../payment-service/src/domain'
import { absent, type Holding } from '../../../../product-service/src/domain/reservation'
import type { ShelfProduct } from '../../../../product-service/src/domain/shelf'
import { emptyLedger, type Ledger } from './provider'
import { envelopeOf, type Service } from './shop'

/** What each service has stored about the one order; of the mails only which kinds there are. */
export interface States {
  readonly order: Order
  readonly product: Holding
  readonly payment: Payment
  readonly mailer: readonly Kind[]
}

/** One event in one service's queue. */
export interface Delivery {
  readonly to: Service
  readonly event: Envelope
}

/** Everything there is about one order: in the services, in the broker, at the provider. Never changed in place. */
export interface World {
  readonly states: States
  /** In canonical sequence: what is queued has none of its own. */
  readonly queue: readonly Delivery[]
  /** One bit per event id that a service has seen; always 0 with the inbox off. */
  readonly inbox: number
  readonly ledger: Ledger
  /** What the provider answered and the worker has not recorded yet. */
  readonly answers: readonly ProviderAnswer[]
  readonly initialStock: readonly number[]
  readonly losses: number
  readonly onceMore: number
}

export interface Scenario {
  readonly title: string
  /** How much is ordered of each product, and how much there is. */
  readonly quantities: readonly number[]
  readonly stock: readonly number[]
  readonly hasInbox: boolean
  /** How many events may be lost; how many may be delivered once more, or questions be asked too early. */
  readonly losses: number
  readonly onceMore: number
  /** An administrator may give the money of the paid order back. */
  readonly mayRefundByHand?: boolean
}

export const orderId = '01976f3e-8c00-7000-8000-000000000001'
export const customerId = '01976f3e-8c00-7000-8000-000000000002'
const productId = (index: number) => `01976f3e-8c00-7000-8000-${String(100 + index).padStart(12, '0')}`

export const orderOf = (id: string, lines: Order['lines'], createdEventId: string): Order =>
  pendingOrder({ id, customerId, lines, createdEventId })

export const productOf = (index: number, available: number): ShelfProduct => ({
  productId: productId(index),
  name: `Product ${index}`,
  unitPriceMinor: 1000 + index,
  currency: 'EUR',
  isForSale: true,
  available,
  reserved: 0,
  sold: 0,
  version: 1,
})

export const createdEvent = (order: Order): Envelope =>
  envelopeOf(tell(orderCreated, createdData(order), order.createdEventId))

/** The order is placed: it is stored as pending and order.created is on its way. */
export function placed({ quantities, stock, losses, onceMore }: Scenario): World {
  const products = stock.map((available, index) => productOf(index, available))
  const lines = quantities.map((quantity, index) => ({ productId: productId(index), quantity }))
  const order = orderOf(orderId, lines, 'order.createdEventId')
  const shelf = Object.fromEntries(products.map((product) => [product.productId, product]))
  return {
    states: { order, product: { reservation: absent(orderId), shelf }, payment: absentPayment, mailer: [] },
    queue: [{ to: 'product', event: createdEvent(order) }],
    inbox: 0,
    ledger: emptyLedger,
    answers: [],
    initialStock: stock,
    losses,
    onceMore,
  }
}
