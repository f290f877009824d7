import { type Cause, Problem } from '@order-saga/common'
import { normaliseEmail } from '../domain/email'
import { normaliseName } from '../domain/name'
import { weaknessOf } from '../domain/password-rules'
import type { Accounts } from './accounts'
import { openAccount } from './open-account'

export interface Registration {
  readonly email: string
  readonly name: string
  readonly password: string
}

/**
 * Opens a customer's account. An address that already has one gets the same answer after the same work, so that
 * nobody can find out who shops here.
 */
export async function registerUser(
  { database, passwords }: Accounts,
  { email: sentEmail, name: sentName, password }: Registration,
  cause: Cause,
): Promise<void> {
  const email = normaliseEmail(sentEmail)
  if (!email) throw new Problem(400, 'validation', 'This is not an e-mail address.')
  const name = normaliseName(sentName)
  if (!name) throw new Problem(400, 'validation', 'This is not a name.')
  const weakness = weaknessOf(password, email)
  if (weakness) throw new Problem(400, 'weak-password', weakness)
  const passwordHash = await passwords.hash(password)
  const newUser = { email, name, passwordHash, role: 'customer' } as const
  await database.entityTransaction((manager, tx) => openAccount(tx, manager, newUser, cause))
}
