import { type Id, Problem, type ServiceName } from '@order-saga/common'
import { eachService } from './each-service'
import type { Peers } from './peers'

/** Dead letters of one service, reason and type. */
export interface LetterGroup {
  readonly service: ServiceName
  readonly reason: string
  readonly type: string | null
  readonly count: number
  readonly oldestAt: string
  readonly newestAt: string
}

/** What waits in a service, as it says itself. */
export interface Backlog {
  readonly unsent: number
  readonly oldestUnsentS: number | null
  readonly parked: number
  readonly oldestParkedAt: string | null
  readonly deadLetters: readonly Omit<LetterGroup, 'service'>[]
}

export interface Letter {
  readonly id: Id
  readonly eventId: Id | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly handler: string | null
  readonly attempts: number
  readonly firstFailedAt: string
  readonly lastFailedAt: string
}

export interface LetterPage {
  readonly items: Letter[]
  readonly next: Id | null
}

export interface LetterQuery {
  readonly reason?: string | undefined
  readonly type?: string | undefined
  readonly limit?: number
  readonly after?: Id | undefined
}

export interface Settling {
  readonly action: 'redrive' | 'discard'
  readonly why: string
}

export interface Settled {
  readonly done: { readonly id: Id; readonly outcome: string }[]
  readonly refused: { readonly id: Id; readonly problem: string; readonly detail: string }[]
}

export interface ActionRow {
  readonly id: Id
  readonly letterId: Id
  readonly type: string | null
  readonly reason: string
  readonly action: 'redrive' | 'discard'
  readonly actor: Id
  readonly why: string
  readonly outcome: string
  readonly actedAt: string
}

// so many at once keep one service busy and nobody waiting
const AT_ONCE = 8
const PAGE = 200
const MOST = 1_000

/**
 * The dead letters of all services, each asked over its own routes with the administrator's token: a letter is settled
 * where it failed, and recorded there.
 */
export class ServiceLetters {
  constructor(private readonly peers: Peers) {}

  backlog(service: ServiceName, token: string): Promise<Backlog> {
    return this.peers.must(service, '/admin/backlog', { token })
  }

  async groups(token: string): Promise<{ groups: LetterGroup[]; unreachable: ServiceName[] }> {
    const { told, unreachable } = await eachService((service) => this.backlog(service, token))
    const groups = told.flatMap(({ service, value }) => value.deadLetters.map((group) => ({ service, ...group })))
    return { groups, unreachable }
  }

  list(service: ServiceName, { after: before, ...wanted }: LetterQuery, token: string): Promise<LetterPage> {
    const given = Object.entries({ ...wanted, before }).filter(([, value]) => value !== undefined)
    const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))
    return this.peers.must(service, `/admin/dead-letters?${query}`, { token })
  }

  find<T>(service: ServiceName, id: Id, token: string): Promise<T> {
    return this.peers.must(service, `/admin/dead-letters/${id}`, { token })
  }

  /** What `query` means, the newest thousand of it; `next` is where the others begin. */
  async settleAll(service: ServiceName, query: LetterQuery, settling: Settling, token: string) {
    const ids: Id[] = []
    let after = query.after
    for (let isMore = true; isMore; ) {
      const page = await this.list(service, { ...query, limit: PAGE, after }, token)
      ids.push(...page.items.map(({ id }) => id))
      after = page.next ?? undefined
      isMore = after !== undefined && ids.length < MOST
    }
    return { ...(await this.settle(service, ids, settling, token)), next: after ?? null }
  }

  /** The oldest first, as they came. One that is refused does not keep the others from being tried. */
  async settle(service: ServiceName, ids: readonly Id[], settling: Settling, token: string): Promise<Settled> {
    const settled: Settled = { done: [], refused: [] }
    const waiting = [...new Set(ids)].sort().reverse()
    const next = async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
        await this.#settleOne(service, id, settling, token, settled)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, next))
    return settled
  }

  /** What was done in all services, newest first. */
  async actions(
    { limit = 50, after }: Pick<LetterQuery, 'limit' | 'after'>,
    token: string,
  ): Promise<{
    actions: (ActionRow & { service: ServiceName })[]
    unreachable: ServiceName[]
    next: Id | null
  }> {
    const query = new URLSearchParams({ limit: String(limit), ...(after && { before: after }) })
    const { told, unreachable } = await eachService((service) =>
      this.peers.must<{ actions: ActionRow[] }>(service, `/admin/dead-letter-actions?${query}`, { token }),
    )
    const all = told.flatMap(({ service, value }) => value.actions.map((action) => ({ service, ...action })))
    const actions = all.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit)
    return { actions, unreachable, next: actions.length === limit ? (actions.at(-1)?.id ?? null) : null }
  }

  async #settleOne(
    service: ServiceName,
    id: Id,
    { action, why }: Settling,
    token: string,
    { done, refused }: Settled,
  ): Promise<void> {
    try {
      const question = { method: 'POST', token, body: { reason: why } } as const
      const path = `/admin/dead-letters/${id}/${action}`
      const { outcome } = await this.peers.must<{ outcome: string }>(service, path, question)
      done.push({ id, outcome })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      refused.push({ id, problem: error.slug, detail: error.detail })
    }
  }
}
