import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import {
  commonMigrations,
  databaseOf,
  databaseUrl,
  type Participant,
  provisionDatabase,
  rolesOf,
} from '@order-saga/common'
import { developmentPassword, servers, testDatabase } from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import pg from 'pg'
import { type Doom, deathOf, failpointOf } from './crash'

const script = join(__dirname, 'migrate.cjs')

/** Every migration, and what is left to do after the last; those that all services share, with one of them. */
export const migrationCases: readonly Doom[] = [
  ...commonMigrations.map(
    ({ name }) => ({ service: 'order-service', point: 'migration.before_commit', name }) as const,
  ),
  ...participants.flatMap(({ service, migrations }) => [
    ...migrations.map(({ name }) => ({ service, point: 'migration.before_commit', name }) as const),
    { service, point: 'migration.committed', name: service } as const,
  ]),
]

/** A migration is killed and run again; answers what the database then looks like, and what it should. */
export async function migrateAndDie(doom: Doom): Promise<{ found: string[]; expected: string[] }> {
  const participant = participants.find(({ service }) => service === doom.service) as Participant
  const [own, whole] = await Promise.all([emptyDatabase(participant), testDatabase(participant)])
  try {
    await deathOf(run(doom, own.ownerUrl, failpointOf(doom)), doom)()
    const [exitCode] = await once(run(doom, own.ownerUrl), 'exit')
    expect(exitCode).toBe(0)
    return { found: await schemaOf(own.ownerUrl), expected: await schemaOf(whole.ownerUrl) }
  } finally {
    await Promise.all([own.drop(), whole.drop()])
  }
}

const run = ({ service }: Doom, ownerUrl: string, armed = '') =>
  spawn(process.execPath, [script, service, ownerUrl, armed], { stdio: ['ignore', 'inherit', 'pipe'] })

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: servers.postgresAdminUrl })
  await admin.connect()
  return work(admin).finally(() => admin.end())
}

async function emptyDatabase({ service }: Participant) {
  const roles = rolesOf(service, developmentPassword)
  const name = `test_${databaseOf(service)}_${randomUUID().slice(0, 8)}`
  await asAdmin(async (admin) => {
    // roles are everybody's: two that set up databases at once would fail
    await admin.query(`SELECT pg_advisory_lock(hashtext('templates'))`)
    await provisionDatabase(servers.postgresAdminUrl, service, roles, name)
  })
  return {
    ownerUrl: databaseUrl(servers.postgresAdminUrl, name, roles.owner),
    drop: () => asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  }
}

/** Columns, indexes, rights, functions and migrations, a line each. */
async function schemaOf(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ line: string }>(
    `SELECT concat_ws(' ', 'column', table_name, column_name, data_type, column_default, is_nullable) AS line
       FROM information_schema.columns WHERE table_schema = 'public'
     UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace
     UNION SELECT concat_ws(' ', 'right', grantee, table_name, privilege_type) FROM information_schema.role_table_grants
       WHERE table_schema = 'public'
     UNION SELECT concat_ws(' ', 'function', proname, proacl) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION SELECT concat_ws(' ', 'migration', name) FROM migrations
     ORDER BY line`,
  )
  await client.end()
  return rows.map(({ line }) => line)
}
