import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Id, newId } from '@order-saga/common'

export const STRIPE_KEY = 'sk_test_double'

/** What it does with the next request that changes something. */
export type Mood =
  | 'well'
  | 'silent'
  | 'silent-after'
  | '500-after'
  | '503'
  | '429'
  | '409'
  | 'html'
  | 'reset'
  | 'pending'

interface Intent {
  readonly id: string
  readonly object: 'payment_intent'
  readonly amount: number
  readonly amount_received: number
  readonly currency: string
  readonly status: string
  readonly metadata: { order_id?: string }
  readonly latest_charge: { id: string; object: 'charge'; refunds: { object: 'list'; data: Refund[] } } | null
}

interface Refund {
  readonly id: string
  readonly object: 'refund'
  readonly amount: number
  readonly status: string
}

interface Answer {
  readonly status: number
  readonly body: object
}

/** A request as it came. */
export interface Asked {
  readonly line: string
  readonly key: string | undefined
  readonly form: Readonly<Record<string, string>>
}

const error = (status: number, type: string, facts: object = {}): Answer => ({
  status,
  body: { error: { type, message: 'as the double would have it', ...facts } },
})

const refused = (code: string, decline_code?: string) => error(402, 'card_error', { code, decline_code })

// Stripe's own test payment methods, and what they come to
const REFUSALS: Readonly<Record<string, Answer>> = {
  pm_card_chargeDeclined: refused('card_declined', 'generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: refused('card_declined', 'insufficient_funds'),
  pm_card_chargeDeclinedExpiredCard: refused('expired_card'),
  pm_card_chargeDeclinedIncorrectCvc: refused('incorrect_cvc'),
  pm_card_authenticationRequired: refused('authentication_required', 'authentication_required'),
  pm_none: error(400, 'invalid_request_error', { code: 'resource_missing', param: 'payment_method' }),
}

const STATUSES: Readonly<Record<string, string>> = { pm_slow: 'processing', pm_3ds: 'requires_action' }

/**
 * Stripe's HTTP interface as far as we use it, in memory: form bodies, keys that are answered the same again, search by
 * order. It stands in for the outside world and shares no code with what it is asked by.
 */
export class StripeDouble {
  readonly asked: Asked[] = []
  readonly #intents = new Map<string, Intent>()
  readonly #answers = new Map<string, Answer & { readonly request: string }>()
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  #mood: Mood = 'well'

  static async start(): Promise<StripeDouble> {
    const double = new StripeDouble()
    await new Promise<void>((resolve) => double.#server.listen(0, '127.0.0.1', resolve))
    return double
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Of the next change alone, but for `503`, which lasts. */
  set mood(mood: Mood) {
    this.#mood = mood
  }

  /** What moved, in its own book. */
  movements(orderId: Id): string[] {
    const own = [...this.#intents.values()].filter(({ metadata }) => metadata.order_id === orderId)
    return own.flatMap(({ amount_received, latest_charge }) => [
      ...(amount_received > 0 ? [`charge ${amount_received}`] : []),
      ...(latest_charge?.refunds.data ?? []).map(({ amount }) => `refund ${amount}`),
    ])
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const { pathname, searchParams } = new URL(url, this.url)
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
    const key = headers['idempotency-key']?.toString()
    this.asked.push({ line: `${method} ${pathname}`, key, form })
    if (headers.authorization !== `Bearer ${STRIPE_KEY}`) return send(response, error(401, 'invalid_request_error'))
    if (method === 'GET')
      return send(response, this.#mood === '503' ? error(503, 'api_error') : this.#search(searchParams))
    const mood = this.#mood
    if (mood !== '503') this.#mood = 'well'
    if (mood === 'silent') return
    if (mood === 'reset') return void request.socket.destroy()
    if (mood === 'html')
      return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
    if (/^\d+$/.test(mood)) return send(response, error(Number(mood), 'api_error'))
    const answer = this.#once(key, `${pathname} ${JSON.stringify(form)}`, () =>
      pathname === '/v1/refunds' ? this.#refund(form, mood) : this.#charge(form),
    )
    if (mood === 'silent-after') return
    send(response, mood === '500-after' ? error(500, 'api_error') : answer)
  }

  #once(key: string | undefined, request: string, act: () => Answer): Answer {
    const known = key === undefined ? undefined : this.#answers.get(key)
    if (known) return known.request === request ? known : error(400, 'idempotency_error')
    const answer = act()
    if (key !== undefined) this.#answers.set(key, { ...answer, request })
    return answer
  }

  #charge(form: Readonly<Record<string, string>>): Answer {
    const method = form.payment_method ?? ''
    if (form.confirm !== 'true' || form['allowed_payment_method_types[0]'] !== 'card')
      return error(400, 'invalid_request_error', { param: 'confirm' })
    const refusal = REFUSALS[method]
    if (refusal?.status === 400) return refusal
    const status = refusal ? 'requires_payment_method' : (STATUSES[method] ?? 'succeeded')
    const isPaid = status === 'succeeded'
    const intent: Intent = {
      id: `pi_${newId()}`,
      object: 'payment_intent',
      amount: Number(form.amount),
      amount_received: isPaid ? Number(form.amount) : 0,
      currency: form.currency ?? '',
      status,
      metadata: { order_id: form['metadata[order_id]'] ?? '' },
      latest_charge: isPaid ? { id: `ch_${newId()}`, object: 'charge', refunds: { object: 'list', data: [] } } : null,
    }
    this.#intents.set(intent.id, intent)
    // unless asked for, a charge is its id
    return refusal ?? { status: 200, body: { ...intent, latest_charge: intent.latest_charge?.id ?? null } }
  }

  #refund(form: Readonly<Record<string, string>>, mood: Mood): Answer {
    const charge = this.#intents.get(form.payment_intent ?? '')?.latest_charge
    if (!charge) return error(400, 'invalid_request_error', { param: 'payment_intent' })
    const status = mood === 'pending' ? 'pending' : 'succeeded'
    const refund: Refund = { id: `re_${newId()}`, object: 'refund', amount: Number(form.amount), status }
    charge.refunds.data.push(refund)
    return { status: 200, body: refund }
  }

  #search(query: URLSearchParams): Answer {
    const orderId = /^metadata\["order_id"\]:"([^"]+)"$/.exec(query.get('query') ?? '')?.[1]
    const isExpanded = query.get('expand[0]') === 'data.latest_charge.refunds'
    if (orderId === undefined || !isExpanded) return error(400, 'invalid_request_error', { param: 'query' })
    const data = [...this.#intents.values()].filter(({ metadata }) => metadata.order_id === orderId)
    return { status: 200, body: { object: 'search_result', data, has_more: false, url: '/v1/payment_intents/search' } }
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_double' })
    .end(JSON.stringify(body))
}
