import type { Cause, Id } from '@order-saga/common'

/** Who changes the catalogue by hand, and the request that the events of it are traced back to. */
export interface Author {
  readonly adminId: Id
  readonly cause: Cause
}
