import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Management, newId, segment } from '@order-saga/common'
import { type Addresses, addresses, cloneRoot, freePorts, up } from '@order-saga/scripts/infra'
import { Client } from 'pg'
import { serverProcesses } from './our-system'
import type { StartSystem } from './system'

const NAME = 'baseline'
const FOLDER = join(cloneRoot, 'load-test/baseline')
// as many as our catalogue has
const PRODUCTS = 40
const PIECES = 1_000_000
// who waits for messages is there before the first order
const SERVICES = ['payment', 'product', 'order'] as const

/** What `load-test/baseline` says one should not do, on the same servers: a database and a vhost of its own, made anew. */
export const startBaseline: StartSystem = async (say) => {
  await up(say)
  const where = addresses()
  const [databaseUrl, amqpUrl, products] = [await newDatabase(where), await newVhost(where), productIds()]
  await query(databaseUrl, readFileSync(join(FOLDER, 'schema.sql'), 'utf8'))
  await query(databaseUrl, 'INSERT INTO products SELECT unnest($1::uuid[]), $2', [products, PIECES])
  const [port = 0] = await freePorts(1)
  const env = { BASELINE_DATABASE_URL: databaseUrl, BASELINE_AMQP_URL: amqpUrl, PORT: String(port) }
  const children = await Promise.all(SERVICES.map(async (name) => ({ name, child: await start(name, env) })))
  say(`✓ ${SERVICES.length} services of the baseline`)
  return {
    name: NAME,
    url: () => `http://127.0.0.1:${port}`,
    processes: () => [
      ...children.map(({ name, child }) => ({ name: `${NAME} ${name}`, pid: child.pid ?? 0 })),
      ...serverProcesses(),
    ],
    catalogue: { products, soldOut: undefined },
    // nobody asks who they are
    customers: [{ id: newId(), email: '', password: '', token: 'none' }],
    // it promises nothing
    audit: async () => {},
    stop: async () => {
      await Promise.all(children.map(({ child }) => end(child)))
      await new Management(where.amqpAdminUrl).delete(`/vhosts/${NAME}`)
      await query(where.postgresAdminUrl, `DROP DATABASE ${NAME} WITH (FORCE)`)
    },
  }
}

const productIds = () => Array.from({ length: PRODUCTS }, () => newId())

async function newDatabase({ postgresAdminUrl }: Addresses): Promise<string> {
  await query(postgresAdminUrl, `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`)
  await query(postgresAdminUrl, `CREATE DATABASE ${NAME}`)
  const url = new URL(postgresAdminUrl)
  url.pathname = `/${NAME}`
  return url.href
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql, values).finally(() => client.end())
}

async function newVhost({ amqpAdminUrl, amqpAdminAmqpUrl }: Addresses): Promise<string> {
  const management = new Management(amqpAdminUrl)
  const { username } = new URL(amqpAdminUrl)
  await management.put(`/vhosts/${NAME}`, {})
  const all = { configure: '.*', write: '.*', read: '.*' }
  await management.put(`/permissions/${NAME}/${segment(username)}`, all)
  const url = new URL(amqpAdminAmqpUrl)
  url.pathname = `/${NAME}`
  return url.href
}

async function start(name: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(FOLDER, 'dist', `${name}.js`)], {
    env: { ...process.env, ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const hasEnded = once(child, 'exit').then(() => Promise.reject(new Error(`${NAME} ${name} ended while it started`)))
  await Promise.race([once(child.stdout ?? child, 'data'), hasEnded])
  hasEnded.catch(() => {})
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
