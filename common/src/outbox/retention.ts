import { publishedBy } from '../contracts/catalogue'
import type { ServiceName } from '../contracts/services'
import { type Queryable, statement } from '../db/tx'

const maintainPartitions = statement('maintain-partitions', 'SELECT maintain_partitions(now())')

const forgetPersonal = statement(
  'outbox-forget-personal',
  `DELETE FROM outbox o WHERE id < id_floor(now() - interval '1 day') AND type = ANY($1)
     AND NOT EXISTS (SELECT FROM outbox_unsent u WHERE u.id = o.id)`,
)

/** Makes the partitions of the next days and drops old ones; events that name a person stay one day. */
export async function retain(database: Queryable, service: ServiceName): Promise<void> {
  await database.query(maintainPartitions)
  const personal = publishedBy(service).filter(({ isPersonal }) => isPersonal)
  const types = personal.map(({ type }) => type)
  if (types.length > 0) await database.execute(forgetPersonal, [types])
}
