import type { EntityManager } from 'typeorm'

/** What is created on first start is created once: further instances wait here until this transaction ends. */
export const alone = (manager: EntityManager): Promise<unknown> =>
  manager.query(`SELECT pg_advisory_xact_lock(hashtext('first-start'))`)
