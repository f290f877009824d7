import type { Traceparent } from '@order-saga/common'
import type { CallKind, OrderFacts } from '../domain'

/** A question the provider has to answer. */
export interface Call {
  readonly kind: CallKind
  readonly key: string
  readonly order: OrderFacts
  readonly paymentToken: string | null
  readonly chargeId: string | null
  /** An earlier call may have reached the provider. */
  readonly isRepeated: boolean
  /** The provider may have forgotten the key: to send it again could move money twice. */
  readonly isOld: boolean
  /** Of what made it necessary. */
  readonly traceparent?: Traceparent | undefined
}
