import pg from 'pg'
import { databaseOf, type ServiceName } from '../contracts/services'

export interface Roles {
  readonly owner: { readonly user: string; readonly password: string }
  readonly app: { readonly user: string; readonly password: string }
}

/** Roles of a service's database: the owner migrates, the application reads and writes rows. */
export const rolesOf = (service: ServiceName, password: (user: string) => string): Roles => {
  const database = databaseOf(service)
  const role = (user: string) => ({ user, password: password(user) })
  return { owner: role(`${database}_owner`), app: role(`${database}_app`) }
}

/** `url` of a service's database for one of its roles. */
export function databaseUrl(adminUrl: string, database: string, role: { user: string; password: string }): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  url.username = role.user
  url.password = role.password
  return url.href
}

/** Creates the roles and the database unless they exist; nobody but these two roles may connect to it. */
export async function provisionDatabase(
  adminUrl: string,
  service: ServiceName,
  roles: Roles,
  database = databaseOf(service),
) {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    for (const { user, password } of [roles.owner, roles.app]) await upsertRole(admin, user, password)
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${database} OWNER ${roles.owner.user}`)
    await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`)
    await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles.app.user}`)
  } finally {
    await admin.end()
  }
  await grantRows(databaseUrl(adminUrl, database, roles.owner), roles)
}

async function upsertRole(admin: pg.Client, user: string, password: string): Promise<void> {
  const literal = admin.escapeLiteral(password)
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [user])
  await admin.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${user} ${attributes} PASSWORD ${literal}`)
}

async function grantRows(ownerUrl: string, { owner, app }: Roles): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`GRANT USAGE ON SCHEMA public TO ${app.user}`)
    const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.user} IN SCHEMA public GRANT`
    await client.query(`${defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app.user}`)
    await client.query(`${defaults} USAGE ON SEQUENCES TO ${app.user}`)
  } finally {
    await client.end()
  }
}
