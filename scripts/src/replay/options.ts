import { parseArgs } from 'node:util'
import { catalogue, isId, type ServiceName, serviceNames } from '@order-saga/common'
import type { Window } from './window'

export interface ReplayOptions {
  /** Times of the database's clock, which dated the events. */
  readonly windowAt: (now: Date) => Window
  readonly services: readonly ServiceName[]
  readonly isDryRun: boolean
  readonly isWaiting: boolean
}

export const HELP = `npm run replay -- --since TIME [--until TIME] [--service NAME] [--type TYPE] [--order ID] [--dry-run] [--no-wait]

Has every service send again, with the same ids, what it told in a window of time. Who has handled an event drops the
repeat, so a wide window is safe. For a queue, or a broker, that was lost: npm run topology, then this, since the oldest
message that waited there.

  --since TIME    ISO 8601 (2026-11-20T09:30Z), or how long ago: 90s, 15m, 2h, 3d
  --until TIME    the same; now, unless it is given
  --service NAME  only what this service told
  --type TYPE     only events of this type
  --order ID      only events about this order
  --dry-run       counts, sends nothing
  --no-wait       does not wait until the events are sent

Outboxes keep a week, events that name a person one day: what is older cannot be sent again.
`

/** undefined: only help is wanted. Throws in words a person understands. */
export function readOptions(args: readonly string[]): ReplayOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      since: { type: 'string' },
      until: { type: 'string' },
      service: { type: 'string', multiple: true },
      type: { type: 'string' },
      order: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'no-wait': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const { since, until, type, order, service: names = serviceNames } = values
  if (since === undefined) throw new Error('say from when: --since 15m; --help says more')
  if (order !== undefined && !isId(order)) throw new Error(`${order} is no order id`)
  if (type !== undefined && !catalogue.some((contract) => contract.type === type))
    throw new Error(`nobody tells ${type}`)
  const [from, to] = [timeOf(since), until === undefined ? (now: Date) => now : timeOf(until)]
  const windowAt = (now: Date) => checked({ since: from(now), until: to(now), type, orderId: order })
  return { windowAt, services: names.map(serviceOf), isDryRun: values['dry-run'], isWaiting: !values['no-wait'] }
}

function checked(window: Window): Window {
  if (window.since >= window.until) throw new Error('the window ends before it begins')
  return window
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function timeOf(text: string): (now: Date) => Date {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (amount) return (now) => new Date(now.getTime() - Number(amount) * (UNIT_MS[unit] ?? 0))
  const time = new Date(text)
  // without a zone it would be read as the operator's own
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
  if (!isIso || Number.isNaN(time.getTime()))
    throw new Error(`${text} is no time: write 2026-11-20T09:30Z, or 15m for a quarter of an hour ago`)
  return () => time
}

function serviceOf(name: string): ServiceName {
  const service = serviceNames.find((known) => known === name)
  if (!service) throw new Error(`${name} is no service; there are ${serviceNames.join(', ')}`)
  return service
}
