import type { Happened } from '../chaos'
import type { Exit } from '../site/service-process'
import type { Measured } from './counters'

/** What the README says, with what this run measured. */
export interface KeptPromise {
  readonly says: string
  readonly measured: string
  readonly isKept: boolean
}

export interface Circumstances {
  readonly faults: readonly Happened[]
  readonly exits: readonly Exit[]
  /** When the last fault had healed. */
  readonly healedAtMs: number
}

const TERMINAL_WITHIN_S = 60
const SHUTDOWN_WITHIN_MS = 20_000

export function measurePromises(measured: Measured, around: Circumstances): KeptPromise[] {
  return [...aboutOrders(measured, around), ...aboutMoney(measured), ...aboutProcesses(measured, around)]
}

const none = (says: string, count: number): KeptPromise => ({ says, measured: String(count), isKept: count === 0 })

function aboutOrders({ facts, clients }: Measured, { healedAtMs, faults }: Circumstances): KeptPromise[] {
  const lost = [...clients.accepted].filter((id) => !facts.orders.has(id)).length
  const pending = [...facts.orders.values()].filter(({ status }) => status === 'pending').length
  const lastMs = Math.max(...[...facts.orders.values()].map(({ ended_at }) => ended_at?.getTime() ?? 0))
  const afterS = Math.max(0, (lastMs - healedAtMs) / 1_000)
  const { asked, answered } = availability(clients.acceptances, faults)
  const share = asked === 0 ? 'never asked' : `${((100 * answered) / asked).toFixed(1)} % of ${asked}`
  return [
    none(`accepted orders lost, of ${clients.accepted.size}`, lost),
    none('orders pending in the end', pending),
    {
      says: `last order ended after the last fault, at most ${TERMINAL_WITHIN_S} s`,
      measured: `${afterS.toFixed(1)} s`,
      isKept: afterS <= TERMINAL_WITHIN_S,
    },
    { says: 'orders accepted while the broker alone is away', measured: share, isKept: answered === asked },
    none(`events told and not in the journal, of ${facts.told}`, facts.untold),
  ]
}

function aboutMoney({ facts }: Measured): KeptPromise[] {
  const cancelled = [...facts.orders.values()].filter(({ status }) => status === 'cancelled')
  return [
    none('products oversold', facts.oversold),
    none('reservations held in the end', facts.held),
    none('orders captured more than once', [...facts.charges.values()].filter((count) => count > 1).length),
    none('cancelled orders that kept money', cancelled.filter(({ id }) => (facts.net.get(id) ?? 0) !== 0).length),
    {
      says: 'mails sent twice, at most once per repeated attempt',
      measured: `${facts.mailCopies} of ${facts.mailRetries}`,
      isKept: facts.mailCopies <= facts.mailRetries,
    },
    none('mails sent twice under different Message-IDs', facts.mailCopiesWithAnotherId),
  ]
}

function aboutProcesses({ logs, clients: { drains } }: Measured, { exits }: Circumstances): KeptPromise[] {
  const longest = Math.max(0, ...drains.map(({ tookMs }) => tookMs))
  const unclean = drains.filter(({ code, tookMs }) => code !== 0 || tookMs > SHUTDOWN_WITHIN_MS).length
  return [
    {
      says: `services that end within ${SHUTDOWN_WITHIN_MS / 1_000} s of SIGTERM, with 0`,
      measured: `${drains.length - unclean} of ${drains.length}, longest ${(longest / 1_000).toFixed(1)} s`,
      isKept: unclean === 0,
    },
    none('processes that ended by themselves', exits.filter(({ isInjected }) => !isInjected).length),
    none('unhandled rejections', logs.crashes),
    none('deadlocks in PostgreSQL (40P01)', logs.deadlocks),
  ]
}

const brokerOnly = new Set(['kill-broker', 'freeze-broker', 'disk-alarm', 'memory-alarm', 'delete-queue'])

/** First attempts while nothing but the broker was away: it is not needed to accept an order. */
export function availability(
  acceptances: readonly Pick<Measured['clients']['acceptances'][number], 'at' | 'tookMs' | 'attempts'>[],
  faults: readonly Pick<Happened, 'kind' | 'at' | 'healedAt'>[],
): { asked: number; answered: number } {
  const during = acceptances.filter(({ at, tookMs }) => {
    const begunAt = new Date(Date.parse(at) - tookMs).toISOString()
    const met = faults.filter((fault) => fault.at <= at && fault.healedAt >= begunAt)
    return met.some((fault) => fault.at <= begunAt) && met.every(({ kind }) => brokerOnly.has(kind))
  })
  return { asked: during.length, answered: during.filter(({ attempts }) => attempts === 1).length }
}
