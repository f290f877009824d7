import { faultModes } from './faults'
import { webhookModes } from './webhooks'

const text = { type: 'string', minLength: 1, maxLength: 255 }
const amountMinor = { type: 'integer', minimum: 1 }

export const keyed = { type: 'object', required: ['idempotency-key'], properties: { 'idempotency-key': text } }

export const chargeBody = {
  type: 'object',
  required: ['amountMinor', 'currency', 'paymentToken', 'reference'],
  properties: { amountMinor, currency: { type: 'string', pattern: '^[A-Z]{3}$' }, paymentToken: text, reference: text },
}

export const refundBody = {
  type: 'object',
  required: ['amountMinor', 'reference'],
  properties: { amountMinor, reference: text, chargeId: text },
}

export const byReference = { type: 'object', required: ['reference'], properties: { reference: text } }

export const faultBody = {
  type: 'object',
  properties: {
    mode: { enum: faultModes },
    count: { type: 'integer', minimum: 1 },
    forgetKeys: { type: 'boolean' },
    webhooks: { enum: webhookModes },
  },
}
