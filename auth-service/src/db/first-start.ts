import { statement, type Tx } from '@order-saga/common'

const lock = statement('first-start', `SELECT pg_advisory_xact_lock(hashtext('first-start'))`)

/** What is created on first start is created once: further instances wait here until this transaction ends. */
export const alone = (tx: Tx): Promise<unknown> => tx.query(lock)
