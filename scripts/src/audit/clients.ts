import type { Order } from './facts'
import { type Accepted, type Observation, type Polled, readObservations } from './observations'
import type { Findings } from './report'
import { timeOf } from './uuid-time'

/** What clients have seen, as far as it has to be remembered. */
export interface Seen {
  /** Request ids of accepted orders, with their order. */
  readonly requests: ReadonlyMap<string, string>
}

const NO_OBSERVATIONS = 'no observations of clients given'

/** T1, T3 and C1: what clients were told, against the orders there are. */
export async function auditClients(
  orders: ReadonlyMap<string, Order>,
  observations: readonly Observation[] | string | undefined,
  findings: Findings,
): Promise<Seen> {
  if (observations === undefined) {
    for (const id of ['T1', 'T3', 'C1'] as const) findings.notChecked(id, NO_OBSERVATIONS)
    return { requests: new Map() }
  }
  const audit = new ClientAudit(orders, findings)
  for await (const one of readObservations(observations)) audit.hear(one)
  return audit.end()
}

class ClientAudit {
  readonly #orderOfKey = new Map<string, string>()
  readonly #accepted = new Set<string>()
  readonly #attempts = new Set<string>()
  readonly #lastPoll = new Map<string, Polled>()
  readonly #requests = new Map<string, string>()
  readonly #customers: ReadonlySet<string>
  #since: number | undefined

  constructor(
    private readonly orders: ReadonlyMap<string, Order>,
    private readonly findings: Findings,
  ) {
    this.#customers = new Set([...orders.values()].map(({ customerId }) => customerId))
  }

  hear(one: Observation): void {
    if (one.at) this.#since = Math.min(this.#since ?? Number.POSITIVE_INFINITY, Date.parse(one.at))
    if (one.kind === 'attempt') this.#attempts.add(keyOf(one))
    else if (one.kind === 'accepted') this.#accept(one)
    else if (one.kind === 'polled') this.#poll(one)
    else this.#belongs(one.userId, JSON.stringify(one.body))
  }

  /** T1, when everything is heard. */
  end(): Seen {
    for (const order of this.orders.values()) {
      if (this.#since === undefined || timeOf(order.id).getTime() < this.#since) continue
      const isKnown = this.#accepted.has(order.id) || this.#attempts.has(keyOf({ ...order, userId: order.customerId }))
      if (!isKnown) this.findings.broken('T1', `order ${order.id} was placed by nobody`)
    }
    this.findings.checked('T1', this.orders.size)
    return { requests: this.#requests }
  }

  #accept({ userId, idempotencyKey, orderId, requestId }: Accepted): void {
    this.#accepted.add(orderId)
    if (requestId) this.#requests.set(requestId, orderId)
    const order = this.orders.get(orderId)
    if (!order) this.findings.broken('T1', `order ${orderId} was accepted and does not exist`)
    else if (order.customerId !== userId) this.findings.broken('C1', `user ${userId} was given order ${orderId}`)
    if (idempotencyKey === null) return
    const key = keyOf({ userId, idempotencyKey })
    const other = this.#orderOfKey.get(key) ?? orderId
    if (other !== orderId) this.findings.broken('T1', `one key made two orders: ${other} and ${orderId}`)
    this.#orderOfKey.set(key, orderId)
  }

  #poll(poll: Polled): void {
    const { userId, orderId, httpStatus, status, version = 0 } = poll
    this.findings.checked('T3', 1)
    if (httpStatus === 404 && this.#accepted.has(orderId))
      this.findings.broken('T3', `order ${orderId} was accepted, then unknown to its client`)
    if (httpStatus >= 300 || status === undefined) return
    const order = this.orders.get(orderId)
    if (order && order.customerId !== userId)
      this.findings.broken('C1', `user ${userId} saw order ${orderId} of user ${order.customerId}`)
    const last = this.#lastPoll.get(orderId)
    if (last && (last.version ?? 0) > version)
      this.findings.broken('T3', `order ${orderId} fell from version ${last.version} to ${version}`)
    if (last && last.status !== 'pending' && last.status !== status)
      this.findings.broken('T3', `order ${orderId} was ${last.status}, then ${status}`)
    if (!['pending', 'paid', 'cancelled'].includes(status))
      this.findings.broken('T3', `order ${orderId} was seen as ${status}`)
    this.#lastPoll.set(orderId, poll)
  }

  /** C1: an answer names no order and no customer but the reader's own. */
  #belongs(userId: string, body: string): void {
    this.findings.checked('C1', 1)
    for (const [id] of body.matchAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g)) {
      const owner = this.orders.get(id)?.customerId ?? (this.#customers.has(id) ? id : userId)
      if (owner !== userId) this.findings.broken('C1', `user ${userId} saw ${id}, which is user ${owner}'s`)
    }
  }
}

const keyOf = (one: { userId: string; idempotencyKey?: string | null; key?: string | null }): string =>
  `${one.userId} ${one.idempotencyKey ?? one.key ?? ''}`
