import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cloneRoot } from '@order-saga/scripts/infra'
import { UsageError } from '../usage-error'
import { catalogue } from './catalogue'
import { full, only, quick, type Size, soak } from './size'

export interface Options {
  readonly size: Size
  readonly seed: number
  readonly instances: number
  /** Three brokers that are one instead of one alone. */
  readonly isClustered: boolean
  /** Where everything about the run is kept. */
  readonly directory: string
  /** Goes on with the run in that directory. */
  readonly isResumed: boolean
}

const MAX_SEED = 2 ** 31

export function readOptions(args: string[]): Options | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  const seed = wholeNumber('seed', values.seed) ?? randomInt(1, MAX_SEED)
  const directory = values.resume ?? values.report ?? join(cloneRoot, '.shop/faults', `${stamp()}-seed-${seed}`)
  return {
    size: sizeOf(values),
    seed,
    instances: wholeNumber('instances', values.instances) ?? 1,
    isClustered: values.cluster ?? false,
    directory,
    isResumed: values.resume !== undefined,
  }
}

const declared = {
  quick: { type: 'boolean' },
  full: { type: 'boolean' },
  soak: { type: 'string' },
  kind: { type: 'string', multiple: true },
  seed: { type: 'string' },
  orders: { type: 'string' },
  rate: { type: 'string' },
  instances: { type: 'string' },
  cluster: { type: 'boolean' },
  report: { type: 'string' },
  resume: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof parse>['values']

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: declared })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function sizeOf(values: Values): Size {
  const chosen = [values.quick, values.full, values.soak].filter((value) => value !== undefined)
  if (chosen.length > 1) throw new UsageError('--quick, --full and --soak are three different runs: choose one')
  const minutes = wholeNumber('soak', values.soak)
  const whole = minutes ? soak(minutes) : values.full ? full : quick
  const orders = wholeNumber('orders', values.orders) ?? whole.orders
  const ordersPerS = wholeNumber('rate', values.rate) ?? whole.ordersPerS
  const size = { ...whole, orders, ordersPerS }
  const kinds = values.kind?.flatMap((kind) => kind.split(','))
  const unknown = kinds?.filter((kind) => !catalogue.some((fault) => fault.kind === kind)) ?? []
  if (unknown.length > 0)
    throw new UsageError(
      `no fault is called ${unknown.join(', ')}; there are ${catalogue.map((one) => one.kind).join(', ')}`,
    )
  return kinds ? only(size, kinds) : size
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`--${name} is a whole number from 1, not ${value}`)
  return number
}

const stamp = () => new Date().toISOString().slice(0, 19).replaceAll(':', '-')

export const help = `npm run faults -- [options]

Breaks the shop on purpose while customers order, then audits everything. Runs its own servers on its own ports and
leaves nothing running. Exits 0 when every promise was kept and every dangerous window was reached, 1 when not, 64 when
the options make no sense.

  --quick             ${quick.orders} orders, ${quick.kinds.length + quick.further} faults, about 90 s (unless you say otherwise)
  --full              ${full.orders.toLocaleString('en')} orders, every kind of fault at least ${full.times} times, about 20 minutes
  --soak MINUTES      2 orders a second and a fault a minute; memory, tables and handles must not grow
  --kind KIND         only faults of this kind; can be given several times
  --seed NUMBER       the same seed is the same schedule of faults and the same shoppers; always printed
  --orders NUMBER     so many orders
  --rate NUMBER       so many orders a second
  --instances NUMBER  so many instances of every service
  --cluster           a cluster of three RabbitMQ nodes; what hits the broker hits the node that leads the most queues
  --report DIR        where report.html, report.json, logs and observations go (else .shop/faults/…)
  --resume DIR        goes on with an interrupted run
  --help              this

Kinds of faults:
${catalogue.map(({ kind, about }) => `  ${kind.padEnd(24)}${about}`).join('\n')}
`
