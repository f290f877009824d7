import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error'
import { type Mix, readMix, USUAL } from './mix'
import { readSlo, type Slo } from './slo'
import { millisecondsOf } from './span'

/** How customers come: each of so many as soon as the last order is over, or so many a second whatever the shop does. */
export type Pace =
  | { readonly loop: 'closed'; readonly users: number }
  | { readonly loop: 'open'; readonly ratePerS: number }

export type Journey = 'full' | 'orders'

export interface Options {
  readonly pace: Pace
  /** Nobody comes in later. */
  readonly durationMs: number
  readonly orders: number
  readonly journey: Journey
  readonly mix: Mix
  readonly thinkMs: number
  /** Pieces of every product before the clock starts; undefined: as they are. */
  readonly replenish: number | undefined
  readonly prefersWait: boolean
  readonly accounts: number
  readonly seed: number
  readonly jsonFile: string | undefined
  readonly reportFile: string | undefined
  readonly slos: readonly Slo[]
}

export const DEFAULT_USERS = 8
export const DEFAULT_DURATION = '30s'
export const DEFAULT_REPLENISH = 10_000
const OPEN_LOOP_ACCOUNTS = 64
// what product-service takes for one product
const MAX_STOCK = 1_000_000
const MAX_SEED = 2 ** 31

const declared = {
  users: { type: 'string' },
  rate: { type: 'string' },
  duration: { type: 'string' },
  orders: { type: 'string' },
  journey: { type: 'string', default: 'full' },
  mix: { type: 'string' },
  think: { type: 'string' },
  replenish: { type: 'string' },
  'prefer-wait': { type: 'boolean', default: false },
  accounts: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'string' },
  slo: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const

export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = meant(() => parseArgs({ args: withReplenishValue(args), options: declared }))
  if (values.help) return 'help'
  const pace = paceOf(values.users, values.rate)
  const journey = journeyOf(values.journey)
  const orders = wholeNumber('orders', values.orders)
  return {
    pace,
    durationMs: values.duration || !orders ? span('duration', values.duration ?? DEFAULT_DURATION) : Infinity,
    orders: orders ?? Infinity,
    journey,
    mix: values.mix === undefined ? USUAL : meant(() => readMix(values.mix ?? ''), '--mix: '),
    thinkMs: values.think === undefined ? 0 : span('think', values.think),
    replenish: wholeNumber('replenish', values.replenish, MAX_STOCK),
    prefersWait: values['prefer-wait'],
    accounts: accountsOf(values.accounts, pace, journey),
    seed: wholeNumber('seed', values.seed) ?? randomInt(1, MAX_SEED),
    jsonFile: values.json,
    reportFile: values.report,
    slos: (values.slo ?? []).map((text) => meant(() => readSlo(text), '--slo: ')),
  }
}

/** parseArgs knows no option with a value that may be left out. */
function withReplenishValue(args: readonly string[]): string[] {
  return args.flatMap((arg, n) => {
    if (arg !== '--replenish') return [arg]
    const next = args[n + 1]
    return next === undefined || next.startsWith('-') ? [arg, String(DEFAULT_REPLENISH)] : [arg]
  })
}

function paceOf(users: string | undefined, rate: string | undefined): Pace {
  if (users !== undefined && rate !== undefined)
    throw new UsageError('--users is a closed loop, --rate an open one: choose one')
  if (rate === undefined) return { loop: 'closed', users: wholeNumber('users', users) ?? DEFAULT_USERS }
  const ratePerS = Number(rate)
  if (!(ratePerS > 0)) throw new UsageError(`--rate is a number of orders a second, not ${rate}`)
  return { loop: 'open', ratePerS }
}

function journeyOf(journey: string): Journey {
  if (journey !== 'full' && journey !== 'orders') throw new UsageError(`--journey is full or orders, not ${journey}`)
  return journey
}

function accountsOf(value: string | undefined, pace: Pace, journey: Journey): number {
  const accounts = wholeNumber('accounts', value) ?? (pace.loop === 'closed' ? pace.users : OPEN_LOOP_ACCOUNTS)
  // a cart belongs to one customer, who fills it for one order at a time
  if (journey === 'full' && pace.loop === 'closed' && accounts < pace.users)
    throw new UsageError(`${pace.users} users with carts need as many --accounts, not ${accounts}`)
  return accounts
}

function wholeNumber(name: string, value: string | undefined, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (Number.isInteger(number) && number >= 1 && number <= max) return number
  const upTo = max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`
  throw new UsageError(`--${name} is a whole number from 1${upTo}, not ${value}`)
}

function span(name: string, value: string): number {
  const ms = millisecondsOf(value)
  if (ms === undefined) throw new UsageError(`--${name} is a time such as 250ms, 30s or 2m, not ${value}`)
  return ms
}

/** What is thrown says what the command line should have said. */
function meant<T>(read: () => T, prefix = ''): T {
  try {
    return read()
  } catch (error) {
    throw new UsageError(prefix + (error instanceof Error ? error.message : String(error)))
  }
}
