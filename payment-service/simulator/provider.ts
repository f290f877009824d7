import type { Ledger } from './ledger'

export interface Provider {
  ledger: Ledger
  lateMs: number
  /** Keys whose charge has been accepted and not yet been executed. */
  executing: Map<string, NodeJS.Timeout>
  /** How often a key has met a provider that was down. */
  outages: Map<string, number>
}

export interface ChargeRequest {
  key: string
  amountMinor: number
  currency: string
  reference: string
  paymentToken: string
}

export interface RefundRequest {
  key: string
  amountMinor: number
  reference: string
  chargeId?: string
}
