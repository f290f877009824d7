import { addTo } from './add-to'
import { jsonLines } from './json-lines'
import { fetchFrom } from './sources'

/** What the provider did, as it says itself. */
export interface Entry {
  readonly type: 'charge' | 'decline' | 'refund'
  readonly id?: string
  readonly chargeId?: string
  readonly amountMinor: number
  readonly currency: string
  /** The order's id. */
  readonly reference: string
}

/** The whole ledger by order. */
export async function readLedger(providerUrl: string): Promise<Map<string, Entry[]>> {
  const { body } = await fetchFrom('payment provider', `${providerUrl}/v1/ledger.ndjson`)
  const byOrder = new Map<string, Entry[]>()
  for await (const { type, id, chargeId, amountMinor, currency, reference } of jsonLines<Entry>(body))
    addTo(byOrder, reference, {
      type,
      amountMinor,
      currency,
      reference,
      ...(id && { id }),
      ...(chargeId && { chargeId }),
    })
  return byOrder
}
