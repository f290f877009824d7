import type { Cause, Id } from '@order-saga/common'
import type { Successor } from '../security/signing-keys'
import type { Accounts } from './accounts'
import { audit } from './audit'

/** The key that signs gets a successor; asked again before that one signs, it names the same one. */
export const rotateSigningKey = ({ database, keys }: Accounts, actorId: Id, cause: Cause): Promise<Successor> =>
  database.transaction(async (tx) => {
    const successor = await keys.rotate(tx)
    if (successor.isNew) audit(tx, { action: 'signing_key_rotated', actorId }, cause)
    return successor
  })

/** A second time changes nothing. */
export async function withdrawSigningKey({ database, keys }: Accounts, kid: Id, actorId: Id, cause: Cause) {
  await database.transaction(async (tx) => {
    if (await keys.withdraw(tx, kid)) audit(tx, { action: 'signing_key_withdrawn', actorId }, cause)
  })
  // the other instances look every few seconds
  await keys.load()
}
