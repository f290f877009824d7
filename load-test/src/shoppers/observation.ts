interface ByUser {
  readonly userId: string
}

interface WithKey extends ByUser {
  readonly idempotencyKey: string
}

/** What clients did and saw: all an auditor may know besides databases and ledgers. */
export type Observation =
  | ({ readonly kind: 'attempt' } & WithKey)
  | ({
      readonly kind: 'accepted'
      readonly orderId: string
      readonly isReplay: boolean
      readonly attempts: number
      readonly tookMs: number
    } & WithKey)
  | ({
      readonly kind: 'polled'
      readonly orderId: string
      readonly httpStatus: number
      readonly status?: string
      readonly version?: number
    } & ByUser)
  | ({ readonly kind: 'answered'; readonly body: unknown } & ByUser)
