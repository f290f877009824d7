import { type CallKind, callOf, type Payment, type ProviderAnswer } from '../../../../payment-service/src/domain'
import type { Call } from '../../../../payment-service/src/provider/call'
import type {
  ChargeAnswer,
  ChargeRequest,
  Finding,
  Provider,
  RefundAnswer,
  RefundRequest,
} from '../../../../payment-service/src/provider/provider'
import type { Shop } from './shop'

/** What the provider did (or will do, while it is on its way) under one key. */
export interface Entry {
  readonly type: 'charge' | 'decline' | 'refund'
  readonly key: string
  readonly amountMinor: number
}

/** What the provider knows of one order: the truth about its money. */
export interface Ledger {
  readonly entries: readonly Entry[]
  /** Requests whose caller has given up and that will be executed all the same. */
  readonly onTheWay: readonly Entry[]
  /** The last kind of call that was made: the next of this kind is a repeated one. */
  readonly called: CallKind | null
}

export const emptyLedger: Ledger = { entries: [], onTheWay: [], called: null }

/** What becomes of one request. The caller cannot tell the last three apart. */
export type Weather = 'fine' | 'declines' | 'answer lost' | 'executed late' | 'request lost'
export const weathers: readonly Weather[] = ['fine', 'declines', 'answer lost', 'executed late', 'request lost']

const sumOf = (entries: readonly Entry[], type: Entry['type']) =>
  entries.reduce((sum, entry) => (entry.type === type ? sum + entry.amountMinor : sum), 0)

export const capturedIn = ({ entries }: Ledger): number => sumOf(entries, 'charge')
export const refundedIn = ({ entries }: Ledger): number => sumOf(entries, 'refund')
export const timesIn = ({ entries }: Ledger, type: Entry['type']): number =>
  entries.filter((entry) => entry.type === type).length

/** A provider that keeps its word: one key, one effect, one answer; it never gives back more than it took. */
export class ModelProvider implements Provider {
  constructor(
    public ledger: Ledger,
    private readonly weather: Weather,
  ) {}

  async charge({ key, amountMinor }: ChargeRequest): Promise<ChargeAnswer> {
    const type = this.weather === 'declines' ? 'decline' : 'charge'
    const entry = this.#execute({ type, key, amountMinor })
    if (!entry) return { kind: 'unknown', why: 'timeout' }
    return entry.type === 'decline'
      ? { kind: 'declined', reason: 'insufficient_funds' }
      : { kind: 'succeeded', chargeId: `charge ${key}` }
  }

  async refund({ key, amountMinor }: RefundRequest): Promise<RefundAnswer> {
    const entry = this.#execute({ type: 'refund', key, amountMinor })
    return entry ? { kind: 'refunded' } : { kind: 'unknown', why: 'timeout' }
  }

  async find(): Promise<Finding> {
    const charges = this.ledger.entries.filter(({ type }) => type === 'charge')
    const [charge] = charges
    if (!charge) return { kind: 'nothing' }
    if (charges.length > 1) return { kind: 'unknown', why: 'mismatch' }
    const { key, amountMinor } = charge
    return { kind: 'found', chargeId: `charge ${key}`, amountMinor, refundedMinor: refundedIn(this.ledger) }
  }

  /** The entry that the caller hears of; undefined when it hears nothing. */
  #execute(request: Entry): Entry | undefined {
    const { entries, onTheWay } = this.ledger
    const isLost = this.weather === 'answer lost'
    const stored = entries.find(({ key }) => key === request.key)
    if (stored) return isLost ? undefined : stored
    if (onTheWay.some(({ key }) => key === request.key) || this.weather === 'request lost') return undefined
    if (this.weather === 'executed late') {
      this.ledger = { ...this.ledger, onTheWay: [...onTheWay, request] }
      return undefined
    }
    this.ledger = execute(this.ledger, request)
    return isLost ? undefined : request
  }
}

function execute(ledger: Ledger, entry: Entry): Ledger {
  const left = capturedIn(ledger) - refundedIn(ledger)
  if (entry.type === 'refund' && entry.amountMinor > left) return ledger
  return { ...ledger, entries: [...ledger.entries, entry] }
}

/** What was on its way has arrived. */
export const executeLate = (ledger: Ledger, entry: Entry): Ledger =>
  execute({ ...ledger, onTheWay: ledger.onTheWay.filter((other) => other !== entry) }, entry)

/** The call that payment-service owes for a payment, under the key its row has for ever. */
export function callFor(payment: Payment, { called }: Ledger): Call | undefined {
  const kind = callOf(payment)
  const { order, paymentToken, chargeId } = payment
  if (!kind || !order) return undefined
  const key = kind === 'charge' ? `ch_${order.orderId}` : `ref_${order.orderId}`
  return { kind, key, order, paymentToken, chargeId, isRepeated: called === kind, isOld: false }
}

export interface CallOutcome {
  readonly answer: ProviderAnswer
  readonly ledger: Ledger
}

export async function makeCall(shop: Shop, call: Call, ledger: Ledger, weather: Weather): Promise<CallOutcome> {
  const provider = new ModelProvider(ledger, weather)
  const answer = await shop.askProvider(provider, call)
  return { answer, ledger: { ...provider.ledger, called: call.kind } }
}
