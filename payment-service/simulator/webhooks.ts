import { createHmac, randomUUID } from 'node:crypto'
import type { Entry } from './ledger'

export const webhookModes = ['off', 'once', 'twice'] as const
export type WebhookMode = (typeof webhookModes)[number]

export interface WebhookOptions {
  readonly url: string
  readonly secret: string
  readonly mode: WebhookMode
}

export const signatureOf = (secret: string, body: string | Buffer, atS = Math.floor(Date.now() / 1000)): string =>
  `t=${atS},v1=${createHmac('sha256', secret).update(`${atS}.`).update(body).digest('hex')}`

const typeOf = ({ type }: Entry): string => (type === 'decline' ? 'charge.declined' : `${type}.succeeded`)

/** Tells whoever wants to know of every entry in the ledger: signed, in no hurry, and without insisting. */
export class Webhooks {
  mode: WebhookMode
  readonly #options: WebhookOptions

  constructor(options: WebhookOptions) {
    this.#options = options
    this.mode = options.mode
  }

  async tell(entry: Entry): Promise<void> {
    if (this.mode === 'off') return
    const { reference, amountMinor, currency, createdAt } = entry
    const body = JSON.stringify({
      id: `evt_${randomUUID()}`,
      type: typeOf(entry),
      reference,
      amountMinor,
      currency,
      createdAt,
    })
    await this.#send(body)
    if (this.mode === 'twice') await this.#send(body)
  }

  async #send(body: string): Promise<void> {
    const { url, secret } = this.#options
    const headers = { 'content-type': 'application/json', 'webhook-signature': signatureOf(secret, body) }
    // whoever does not hear it asks anyway
    await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) }).catch(() => {})
  }
}
