import type { Database } from '@order-saga/common'
import type { AuthConfig } from '../config'
import type { Passwords } from '../security/passwords'
import type { SigningKeys } from '../security/signing-keys'

/** What the use cases work with. */
export interface Accounts {
  readonly database: Database
  readonly passwords: Passwords
  readonly keys: SigningKeys
  readonly config: AuthConfig
  /** Tells all services soon which tokens are revoked; a sweep repeats it. */
  readonly publishRevocations: () => void
}
