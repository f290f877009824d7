import { type AnswerOf, type PolledOrder, placeOrder, pollOrder, Refused } from '@order-saga/common/client'
import { baseUrlOf } from '../shop/service-env'
import { dim, money, step } from './say'
import { type Customer, type Product, shop } from './shop'

export interface Item {
  readonly product: Product
  readonly quantity: number
}

export interface Wish {
  readonly items?: readonly Item[]
  readonly paymentToken: string
}

const baseUrl = () => baseUrlOf('order-service')

/** Orders the items, or the cart, and answers the id of the pending order. */
export async function order({ token }: Customer, { items, paymentToken }: Wish): Promise<string> {
  const lines = items?.map(({ product, quantity }) => ({ productId: product.id, quantity }))
  const { id, status } = await placeOrder({
    baseUrl: baseUrl(),
    token,
    body: { ...(lines && { items: lines }), paymentToken },
  })
  step(`POST /orders answers 202 ${status} at once ${dim(id)}`)
  return id
}

/** Polls with the shipped client's rules until the order has ended. */
export async function poll({ token }: Customer, orderId: string): Promise<PolledOrder> {
  const beganAtMs = performance.now()
  const { order: ended, polls } = await pollOrder({ baseUrl: baseUrl(), token, orderId, maxMs: 60_000 })
  const tookMs = Math.round(performance.now() - beganAtMs)
  const reason = ended.reason ? ` (${ended.reason})` : ''
  step(
    `${ended.status}${reason} after ${polls} polls and ${tookMs} ms, total ${money(ended.totalMinor, ended.currency)}`,
  )
  return ended
}

type Journey = AnswerOf<'logger-service', 'GET /orders/{id}/journey'>

/** What logger-service saw of an order. */
export const journeyOf = async ({ token }: Customer, id: string): Promise<Journey> =>
  (await shop(token).call('logger-service', 'GET /orders/{id}/journey', { path: { id } })).body

/** The journal gathers events for a moment, and knows nothing of an order before it has the first. */
export async function journeyTells(customer: Customer, orderId: string, type: string): Promise<boolean> {
  const { steps } = await journeyOf(customer, orderId).catch((error) => {
    if (error instanceof Refused && error.slug === 'not-found') return { steps: [] }
    throw error
  })
  return steps.some((step) => step.type === type)
}

const short = (service: string) => service.replace('-service', '')

/** A column of events: when, what, who told it, who reacts (↩ by undoing something). */
export function showJourney({ steps }: Journey): void {
  const [first] = steps
  for (const { at, type, service, reactedToBy } of steps) {
    const afterMs = first ? Date.parse(at) - Date.parse(first.at) : 0
    const reactors = reactedToBy.map((reactor) => short(reactor.service) + (reactor.compensates ? ' ↩' : '')).join(', ')
    step(
      `${dim(`+${String(afterMs).padStart(4)} ms`)}  ${short(service).padEnd(8)} ${type.padEnd(29)} ${reactors && dim(`→ ${reactors}`)}`,
    )
  }
}
