import { databaseOf, type ServiceName, serviceNames } from '../contracts/services'
import type { Database } from './database'
import { classify } from './errors'
import { statement } from './tx'

interface Rights {
  readonly rules_server: boolean
  readonly owns: boolean
  readonly others: string[]
}

// pg_shdepend knows the owners of every database's objects, pg_class only those of this one
const rights = statement<Rights>(
  'excess-rights',
  `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS rules_server,
     EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = r.oid AND deptype = 'o') AS owns,
     ARRAY(SELECT datname::text FROM pg_database
       WHERE datname = ANY($1) AND has_database_privilege(r.oid, oid, 'CONNECT') ORDER BY datname) AS others
   FROM pg_roles r WHERE rolname = current_user`,
)

/** The databases that are no business of this service. */
export const databasesBeside = (service: ServiceName): string[] =>
  serviceNames.filter((name) => name !== service).map(databaseOf)

/** What the service's role may do at the server beyond reading and writing its own rows. A server that is away is not asked. */
export async function excessDatabaseRights(database: Database, others: readonly string[]): Promise<string[]> {
  try {
    const [found] = await database.query(rights, [others])
    return found ? told(found) : []
  } catch (error) {
    if (classify(error) === 'infrastructure') return []
    throw error
  }
}

function told({ rules_server, owns, others }: Rights): string[] {
  return [
    ...(rules_server ? ['administers the server'] : []),
    ...(owns ? ['owns tables or databases'] : []),
    ...(others.length > 0 ? [`may connect to ${others.join(', ')}`] : []),
  ]
}
