import { AppendLog } from './append-log'

interface Fact {
  /** The client's idempotency key. */
  key: string
  amountMinor: number
  currency: string
  /** The client's own name for what is paid for: the order's id. */
  reference: string
  createdAt: string
}

export interface Charge extends Fact {
  type: 'charge'
  id: string
}

export interface Decline extends Fact {
  type: 'decline'
  reason: 'declined' | 'insufficient_funds' | 'card_expired' | 'invalid_payment_method'
}

export interface Refund extends Fact {
  type: 'refund'
  id: string
  chargeId: string
}

export type Entry = Charge | Decline | Refund

/** Everything the provider ever did. Decisions are made in memory at once; answers wait until `durable`. */
export class Ledger {
  private readonly all: Entry[] = []
  private readonly byKey = new Map<string, Entry>()
  private readonly byReference = new Map<string, Entry[]>()

  /** Hears of every new entry as soon as it is durable. */
  onEntry: (entry: Entry) => void = () => {}

  private constructor(private readonly log: AppendLog) {}

  static async open(file: string): Promise<Ledger> {
    const { log, lines } = await AppendLog.open(file)
    const ledger = new Ledger(log)
    for (const line of lines) ledger.remember(JSON.parse(line) as Entry)
    return ledger
  }

  record<E extends Entry>(entry: E): E {
    this.remember(entry)
    this.log.append(JSON.stringify(entry))
    void this.log.durable().then(
      () => this.onEntry(entry),
      () => {},
    )
    return entry
  }

  private remember(entry: Entry): void {
    this.all.push(entry)
    this.byKey.set(entry.key, entry)
    const others = this.byReference.get(entry.reference)
    if (others) others.push(entry)
    else this.byReference.set(entry.reference, [entry])
  }

  find = (key: string): Entry | undefined => this.byKey.get(key)
  entries = (reference?: string): Entry[] =>
    reference === undefined ? this.all : (this.byReference.get(reference) ?? [])

  /** As providers do with keys older than a day. The money has moved all the same. */
  forgetKeys = (): void => this.byKey.clear()

  durable = (): Promise<void> => this.log.durable()
  close = (): Promise<void> => this.log.close()
}
