import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import {
  type Addresses,
  addresses,
  cloneRoot,
  down,
  type Instance,
  rabbitMqCtl,
  runningPid,
  separateInstance,
  signal,
  startPostgres,
  startRedis,
  status,
  stopPostgres,
  stopRabbitMq,
  stopRedis,
  up,
  waitFor,
} from '../src/infra'
import { processesOf } from '../src/infra/process-table'

jest.setTimeout(120_000)

let instance: Instance
let urls: Addresses
const lines: string[] = []
const report = (line: string) => lines.push(line)
const servers = ['postgres', 'rabbitmq', 'redis', 'mail', 'provider']
const pidOf = (id: string) => runningPid(join(instance.dataDir, `${id}.pid`))
const executables = ['postgres', 'beam.smp', 'erl_child_setup', 'inet_gethost', 'epmd', 'redis-server', 'node']

beforeAll(async () => {
  instance = await separateInstance('infra-test')
  urls = addresses({}, instance.ports)
})
beforeEach(() => lines.splice(0))
afterAll(() => down({ volumes: true }, instance))

async function query(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: urls.postgresAdminUrl })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function management(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const { origin, username, password } = new URL(urls.amqpAdminUrl)
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(`${origin}/api/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text && JSON.parse(text) }
}

const crash = async (id: string) => {
  const pid = pidOf(id)
  if (pid === undefined) throw new Error(`${id} does not run`)
  signal(pid, 'SIGKILL')
  await waitFor(() => pidOf(id) === undefined, { timeoutMs: 5_000, what: `end of ${id}` })
}

describe('up', () => {
  it('starts everything, and a second one finds it running', async () => {
    await Promise.all([up(report, instance), up(report, instance)])
    expect(lines.filter((line) => line.endsWith('runs'))).toHaveLength(servers.length)
    expect(lines.filter((line) => line.endsWith(' s'))).toHaveLength(servers.length)
    // again where the machine had something else to do
    await waitFor(
      async () => {
        const begunMs = performance.now()
        await up(report, instance)
        return performance.now() - begunMs < 1_000
      },
      { timeoutMs: 30_000, what: 'second start within a second' },
    )
    expect((await status(instance)).map(({ state }) => state)).toEqual(Array(servers.length).fill('ready'))
  })

  it('makes PostgreSQL durable, in UTC, with names sorted by code point', async () => {
    const [row] =
      await query(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      current_setting('timezone') as zone, (select datcollate from pg_database where datname = 'template1') as collation`)
    expect(row).toEqual({ fsync: 'on', commit: 'on', zone: 'UTC', collation: 'C.UTF-8' })
  })

  it('leaves no guest in the broker', async () => {
    const { body } = await management('GET', 'users')
    expect(body).toMatchObject([{ name: 'shop_admin', tags: ['administrator'] }])
    expect(body).toHaveLength(1)
  })

  it('brings back, with its data, whatever was killed', async () => {
    await query('create table kept as select 1 as one')
    await management('PUT', 'queues/shop/kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    const sleeper = query('select pg_sleep(600)').catch((error: Error) => error)
    await Promise.all(servers.filter((id) => id !== 'rabbitmq').map(crash))
    await stopRabbitMq(instance, { signal: 'SIGKILL' })
    expect(processesOf(join(instance.dataDir, 'rabbitmq'), executables)).toEqual([])
    await up(report, instance)
    expect(lines.filter((line) => line.endsWith(' s'))).toHaveLength(servers.length)
    expect(await sleeper).toHaveProperty('message')
    expect(await query('select one from kept')).toEqual([{ one: 1 }])
    expect((await management('GET', 'queues/shop/kept')).status).toBe(200)
    expect(await rabbitMqCtl(instance, '--quiet', 'list_vhosts')).toContain('shop')
  })
})

describe('a single server', () => {
  it.each([
    ['postgres', startPostgres, stopPostgres],
    ['redis', startRedis, stopRedis],
  ])('%s stops, is killed and starts by itself', async (id, start, stop) => {
    for (const stopping of [{}, { signal: 'SIGKILL' as const }]) {
      const others = servers.filter((server) => server !== id).map(pidOf)
      await stop(instance, stopping)
      expect(pidOf(id)).toBeUndefined()
      expect(await start(instance)).toEqual({ wasRunning: false })
      expect(await start(instance)).toEqual({ wasRunning: true })
      expect(servers.filter((server) => server !== id).map(pidOf)).toEqual(others)
    }
  })
})

describe('a port', () => {
  it('held by another instance is reported with its clone, and that instance is left alone', async () => {
    const rival = { dataDir: `${instance.dataDir}-rival`, ports: instance.ports }
    await expect(up(report, rival)).rejects.toThrow(`is held by the clone in ${cloneRoot}`)
    await down({ volumes: true }, rival)
    expect((await status(instance)).map(({ state }) => state)).toEqual(Array(servers.length).fill('ready'))
  })

  it('held by a stranger is reported with the way out', async () => {
    await stopRedis(instance)
    const stranger = createServer().listen(instance.ports.redis, '127.0.0.1')
    await expect(startRedis(instance)).rejects.toThrow(/held by another program; SHOP_REDIS_PORT chooses another one/)
    await new Promise((resolve) => stranger.close(resolve))
    await startRedis(instance)
  })
})

describe('down', () => {
  it('leaves no process, and with --volumes no data', async () => {
    await down({ volumes: false }, instance)
    expect(processesOf(instance.dataDir, executables)).toEqual([])
    expect(readdirSync(instance.dataDir)).toEqual(expect.arrayContaining(['postgres', 'rabbitmq']))
    await down({ volumes: true }, instance)
    expect(existsSync(instance.dataDir)).toBe(false)
  })
})

describe('the command', () => {
  const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [join(cloneRoot, 'scripts/dist/infra/main.js'), ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    })

  it('says how it is used, and what is missing', () => {
    expect(run(['sideways'])).toMatchObject({ status: 64, stderr: expect.stringContaining('usage') })
    const env = { SHOP_INFRA: 'external', SHOP_DATA_DIR: `${instance.dataDir}-external`, SHOP_REDIS_URL: '' }
    expect(run(['up'], env)).toMatchObject({ status: 69, stderr: expect.stringContaining('SHOP_REDIS_URL') })
    run(['down', '--volumes'], env)
  })
})
