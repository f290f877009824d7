import { Minor, PaymentFailure } from '@order-saga/common'
import Type from 'typebox'
import { Compile } from 'typebox/compile'

const name = Type.String({ minLength: 1, maxLength: 255 })
const movement = { id: name, status: Type.Literal('succeeded'), amountMinor: Minor, reference: name }

/** The answers of the provider, as far as we rely on them. */
export const charged = Compile(Type.Object(movement))
export const refunded = Compile(Type.Object(movement))
export const declined = Compile(Type.Object({ status: Type.Literal('declined'), reason: Type.String() }))
export const chargesFound = Compile(
  Type.Object({ charges: Type.Array(Type.Object({ ...movement, refundedMinor: Minor }), { maxItems: 100 }) }),
)

const knownReason = Compile(PaymentFailure)

/** A reason we never heard of is a refusal all the same. */
export const reasonOf = (reason: string): PaymentFailure => (knownReason.Check(reason) ? reason : 'declined')
