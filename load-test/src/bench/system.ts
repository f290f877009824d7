import type { ServiceName } from '@order-saga/common'
import type { KnownProcess } from '../run/process-times'
import type { Catalogue } from '../run/shopper'
import type { Customer } from '../shoppers/accounts'

/** A saga that takes orders, started for one measurement and stopped after it. */
export interface System {
  readonly name: string
  url(service: ServiceName): string
  /** Services and servers. */
  processes(): readonly KnownProcess[]
  readonly customers: readonly Customer[]
  readonly catalogue: Catalogue
  /** Resolves when it has come to rest and kept its promises. Throws what is wrong. */
  audit(): Promise<void>
  stop(): Promise<void>
}

export type StartSystem = (say: (line: string) => void) => Promise<System>
