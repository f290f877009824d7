import { createHash, randomUUID } from 'node:crypto'
import pg from 'pg'
import type { QueryRunner } from 'typeorm'
import { databaseOf } from '../contracts/services'
import { commonMigrations, type Migration, migrate } from '../db/migrate'
import { databaseUrl, provisionDatabase, rolesOf } from '../db/provision'
import type { Participant } from '../participant'
import { developmentPassword, servers } from './servers'

export interface TestDatabase {
  /** As the application role, like the service itself. */
  readonly url: string
  readonly ownerUrl: string
  drop(): Promise<void>
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: servers.postgresAdminUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/** A database of its own for one test file, copied from a migrated template in a tenth of a second. */
export async function testDatabase(participant: Participant): Promise<TestDatabase> {
  const roles = rolesOf(participant.service, developmentPassword)
  const name = `test_${databaseOf(participant.service)}_${randomUUID().slice(0, 8)}`
  await asAdmin(async (admin) => {
    await admin.query(`SELECT pg_advisory_lock(hashtext('templates'))`)
    const template = await templateOf(participant, admin)
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${roles.owner.user}`)
    await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
    await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${roles.app.user}`)
  })
  return {
    url: databaseUrl(servers.postgresAdminUrl, name, roles.app),
    ownerUrl: databaseUrl(servers.postgresAdminUrl, name, roles.owner),
    drop: async () => void (await asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  }
}

/** Migrated once for each state of the migrations and day: partitions are made for the day of the migration. */
async function templateOf({ service, migrations }: Participant, admin: pg.Client): Promise<string> {
  const day = new Date().toISOString().slice(0, 10)
  const state = [...(await sqlOf([...commonMigrations, ...migrations])), migrate.toString(), day].join('\n')
  const hash = createHash('sha256').update(state).digest('hex').slice(0, 10)
  const template = `template_${databaseOf(service)}_${hash}`
  const { rowCount } = await admin.query(`SELECT FROM pg_database WHERE datname = $1 AND datistemplate`, [template])
  if (rowCount !== 0) return template
  await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
  const roles = rolesOf(service, developmentPassword)
  await provisionDatabase(servers.postgresAdminUrl, service, roles, template)
  await migrate(service, databaseUrl(servers.postgresAdminUrl, template, roles.owner), [...migrations])
  await admin.query(`ALTER DATABASE ${template} IS_TEMPLATE true`)
  return template
}

/** What the migrations run, by running them against nobody: their code alone does not show the SQL beside it. */
async function sqlOf(migrations: readonly Migration[]): Promise<string[]> {
  const sql: string[] = []
  const runner = { query: async (text: string) => void sql.push(text) } as unknown as QueryRunner
  for (const migration of migrations) await new migration().up(runner)
  return sql
}
