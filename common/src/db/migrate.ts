import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm'
import { databaseOf, type ServiceName } from '../contracts/services'
import { DeadLetterFingerprints1763640000000 } from '../dead-letters/fingerprint-migration'
import { DeadLetterActions1763610000000 } from '../dead-letters/migration'
import { RedriveTraces1763650000000 } from '../dead-letters/redrive-trace-migration'
import { failpoint } from '../failpoint'
import { Plumbing1763600000000 } from '../outbox/plumbing-migration'

export type Migration = new () => MigrationInterface

/** What every service's database has, whatever the service does. */
export const commonMigrations: readonly Migration[] = [
  Plumbing1763600000000,
  DeadLetterActions1763610000000,
  DeadLetterFingerprints1763640000000,
  RedriveTraces1763650000000,
]

/** The same migration, known to the database under the same name. */
const withFailpoint = (migration: Migration): Migration =>
  class extends migration {
    override readonly name = migration.name

    override async up(runner: QueryRunner): Promise<void> {
      await super.up(runner)
      failpoint('migration.before_commit', [migration.name])
    }
  }

/** What a newer version has made of a schema, an older one neither knows nor may build upon. */
async function refuseNewer(service: ServiceName, { migrations }: DataSource, runner: QueryRunner): Promise<void> {
  if (!(await runner.hasTable('migrations'))) return
  const known = new Set(migrations.map(({ name }) => name))
  const ran: { name: string }[] = await runner.query('SELECT name FROM migrations ORDER BY id')
  const unknown = ran.map(({ name }) => name).filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(`the schema of ${service} is newer than this version, which does not know ${unknown.join(', ')}`)
}

/**
 * Brings a service's database to the newest schema. `url` is the owner role's: the application role has no right
 * to change tables. Safe to run from several processes at once: they queue on an advisory lock. Refuses a schema that a
 * newer version has made.
 */
export async function migrate(service: ServiceName, url: string, migrations: Migration[]): Promise<number> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [...commonMigrations, ...migrations].map(withFailpoint),
    extra: { max: 2 },
  })
  await source.initialize()
  const runner = source.createQueryRunner()
  try {
    await runner.query(`SELECT pg_advisory_lock(hashtext('migrate'))`)
    await refuseNewer(service, source, runner)
    const ran = await source.runMigrations({ transaction: 'each' })
    failpoint('migration.committed', [service])
    const role = `${databaseOf(service)}_app`
    await runner.query(`GRANT EXECUTE ON FUNCTION maintain_partitions(timestamptz) TO ${role}`)
    await runner.query(`REVOKE INSERT, UPDATE, DELETE ON partitioned_tables, migrations FROM ${role}`)
    await runner.query(`REVOKE UPDATE, DELETE ON dead_letter_actions FROM ${role}`)
    return ran.length
  } finally {
    await runner.query(`SELECT pg_advisory_unlock(hashtext('migrate'))`).catch(() => {})
    await runner.release()
    await source.destroy()
  }
}
