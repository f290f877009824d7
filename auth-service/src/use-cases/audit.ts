import { accountAudited, type Cause, type DataOf, newId, type Tx } from '@order-saga/common'

type Audited = Omit<DataOf<typeof accountAudited>, 'auditId'>

/** Puts on record, in the transaction of what was done, who did what to which account. */
export const audit = (tx: Tx, what: Audited, cause: Cause): void =>
  void tx.emit(accountAudited, { auditId: newId(), ...what }, cause)
