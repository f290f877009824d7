import type { Id, PaymentFailure, PricedLine } from '@order-saga/common'
import { EntitySchema } from 'typeorm'
import type { Attention, PaymentState, RefundBy } from '../domain'

/** A payment as people may read it. The payment token is not mapped: what is not loaded cannot leak. */
export interface PaymentRecord {
  orderId: Id
  state: PaymentState
  cancel: boolean
  customerId: Id | null
  lines: PricedLine[] | null
  totalMinor: number | null
  currency: string | null
  reason: PaymentFailure | null
  chargeId: string | null
  refundBy: RefundBy | null
  refundReason: string | null
  needsAttention: Attention | null
  attempts: number
  nextAttemptAt: Date | null
  lastError: string | null
  createdAt: Date
  updatedAt: Date
}

// pg hands out bigint as text; the contracts keep amounts far below 2^53
const amount = { to: (value: number | null) => value, from: (value: string | null) => value && Number(value) }

export const PaymentEntity = new EntitySchema<PaymentRecord>({
  name: 'Payment',
  tableName: 'payments',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    state: { type: 'text' },
    cancel: { type: 'boolean' },
    customerId: { name: 'customer_id', type: 'uuid', nullable: true },
    lines: { type: 'json', nullable: true },
    totalMinor: { name: 'total_minor', type: 'bigint', nullable: true, transformer: amount },
    currency: { type: 'text', nullable: true },
    reason: { type: 'text', nullable: true },
    chargeId: { name: 'charge_id', type: 'text', nullable: true },
    refundBy: { name: 'refund_by', type: 'text', nullable: true },
    refundReason: { name: 'refund_reason', type: 'text', nullable: true },
    needsAttention: { name: 'needs_attention', type: 'text', nullable: true },
    attempts: { type: 'int' },
    nextAttemptAt: { name: 'next_attempt_at', type: 'timestamptz', nullable: true },
    lastError: { name: 'last_error', type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
  },
})
