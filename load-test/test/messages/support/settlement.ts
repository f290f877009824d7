import type { Id, ServiceName } from '@order-saga/common'
import type { Premises } from '../../support/premises'
import { eventIdsIn, type Message } from './messages'
import { LABEL, labelOf } from './raw-senders'

interface DeadRow {
  readonly event_id: Id | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly properties: { readonly headers?: Readonly<Record<string, unknown>> }
}

interface ParkedRow {
  readonly event_id: Id
  readonly type: string
  readonly reason: string
  readonly error: string
}

/** Where everything that ever reached a service has ended. */
export interface Settlement {
  readonly settledIds: ReadonlySet<Id>
  readonly dead: readonly DeadRow[]
  /** Most of it speaks of orders nobody placed. */
  readonly parked: readonly ParkedRow[]
}

export async function settlementOf(premises: Premises, service: ServiceName): Promise<Settlement> {
  const [inbox, parked, dead] = await Promise.all([
    premises.query<{ id: Id }>(service, 'SELECT id FROM inbox'),
    premises.query<ParkedRow>(service, 'SELECT event_id, type, reason, error FROM parked'),
    premises.query<DeadRow>(service, 'SELECT event_id, type, reason, error, properties FROM dead_letters'),
  ])
  const deadIds = dead.flatMap(({ event_id }) => event_id ?? [])
  const settledIds = new Set([...inbox.map(({ id }) => id), ...parked.map(({ event_id }) => event_id), ...deadIds])
  return { settledIds, dead, parked }
}

/** Messages of which an event is neither done, parked nor dead, and that are not dead as a whole. */
export function unsettledOf(round: string, messages: readonly Message[], { settledIds, dead }: Settlement): Message[] {
  const deadPerLabel = new Map<unknown, number>()
  for (const { properties } of dead) {
    const label = properties.headers?.[LABEL]
    deadPerLabel.set(label, (deadPerLabel.get(label) ?? 0) + 1)
  }
  return messages.filter((message, index) => {
    const isDead = deadPerLabel.get(labelOf(round, index)) ?? 0
    const open = eventIdsIn(message).filter((id) => id === undefined || !settledIds.has(id))
    return open.length > 0 && isDead === 0
  })
}

/** What a dead or parked event may say of itself: `handler_error` is a defect of ours. */
const REASONS: ReadonlySet<string> = new Set([
  'broker_dead_letter',
  'content_type',
  'envelope',
  'forged',
  'malformed',
  'schema',
  'too_large',
  'unauthenticated',
  'unknown_type',
  'unsupported_version',
  // of events that could be opened, and that no order of ours has caused
  'unknown_order',
  'reservation_failed_after_paid',
  'payment_failed_after_paid',
  'refunded_while_pending',
  'cancelled_after_paid',
  'cancelled_after_sale',
  'paid_before_reserved',
  'paid_though_rejected',
  'paid_after_release',
  'paid_while_absent',
  'paid_while_charging',
  'paid_while_failed',
  'paid_while_voided',
  'paid_while_refunding',
  'paid_while_refunded',
])

/** Reasons that no list knows, and errors that tell more than they should. */
export const oddReasonsIn = ({ dead, parked }: Settlement): string[] =>
  [...dead, ...parked]
    .filter(({ reason, error }) => !REASONS.has(reason) || error.length > 2_000 || /\n\s+at /.test(error))
    .map(({ type, reason, error }) => `${type}: ${reason}: ${error}`)
