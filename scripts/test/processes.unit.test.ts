import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addresses } from '../src/infra/addresses'
import { exclusively } from '../src/infra/exclusively'
import { checkExternal } from '../src/infra/external'
import { portsFromEnv, shiftPorts } from '../src/infra/ports'
import { processesOf } from '../src/infra/process-table'
import { runningPid, startProcess, stopProcess } from '../src/infra/processes'
import { waitFor } from '../src/infra/wait-for'
import { serviceEnv } from '../src/shop/service-env'

let directory: string
let pidFile: string
let logFile: string
const children: ChildProcess[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'processes-'))
  pidFile = join(directory, 'it.pid')
  logFile = join(directory, 'it.log')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await stopProcess(pidFile, { signal: 'SIGKILL' })
  rmSync(directory, { recursive: true })
})

const start = (program: string) =>
  startProcess({
    command: process.execPath,
    args: ['-e', program],
    cwd: directory,
    env: { WORD: 'hello' },
    logFile,
    pidFile,
  })

const logged = (text: string) =>
  waitFor(() => existsSync(logFile) && readFileSync(logFile, 'utf8').includes(text), { timeoutMs: 5_000, what: text })

const idle = 'setInterval(() => {}, 1000); console.log(process.env.WORD)'
const stubborn = `process.on('SIGTERM', () => console.log('no'));${idle}`
const parent = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);${idle}`

describe('a process', () => {
  it('has its environment, its log and a pid file, and is gone when stopped', async () => {
    const { pid } = start(idle)
    await logged('hello')
    expect(runningPid(pidFile)).toBe(pid)
    await stopProcess(pidFile)
    expect(existsSync(pidFile)).toBe(false)
    expect(processesOf(directory, ['node'])).toEqual([])
  })

  it('that ignores the signal is killed after the bound', async () => {
    start(stubborn)
    await logged('hello')
    await stopProcess(pidFile, { killAfterMs: 100 })
    expect(readFileSync(logFile, 'utf8')).toContain('no')
    expect(processesOf(directory, ['node'])).toEqual([])
  })

  it('is killed with its children', async () => {
    start(parent)
    await logged('hello')
    await waitFor(() => processesOf(directory, ['node']).length === 2, { timeoutMs: 5_000, what: 'child' })
    await stopProcess(pidFile, { signal: 'SIGKILL' })
    await waitFor(() => processesOf(directory, ['node']).length === 0, { timeoutMs: 5_000, what: 'end of both' })
  })

  it('that cannot be started leaves the reason in its log', async () => {
    startProcess({ command: '/nonexistent', args: [], cwd: directory, env: {}, logFile, pidFile })
    await logged('ENOENT')
    expect(runningPid(pidFile)).toBeUndefined()
  })

  it('that got the pid of an earlier one is not taken for it', async () => {
    const stranger = spawn(process.execPath, ['-e', idle], { stdio: 'ignore' })
    children.push(stranger)
    writeFileSync(pidFile, `${stranger.pid}\nanother beginning\n`)
    expect(runningPid(pidFile)).toBeUndefined()
    await stopProcess(pidFile)
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
  })
})

describe('waiting', () => {
  it('ends with the condition, with its failure, or with the time', async () => {
    let looks = 0
    await waitFor(() => ++looks === 3, { timeoutMs: 1_000, what: 'third look', everyMs: 1 })
    const failing = waitFor(() => Promise.reject(new Error('broken')), { timeoutMs: 1_000, what: 'x' })
    await expect(failing).rejects.toThrow('broken')
    await expect(waitFor(() => false, { timeoutMs: 20, what: 'never' })).rejects.toThrow('never: not within 0.02 s')
  })
})

describe('a lock', () => {
  it('lets one in at a time, in spite of one whose holder died', async () => {
    const lockFile = join(directory, 'lock')
    writeFileSync(lockFile, '1\nlong ago\n')
    let inside = 0
    const work = async () => {
      expect(++inside).toBe(1)
      await new Promise(setImmediate)
      inside -= 1
    }
    await Promise.all([1, 2, 3].map(() => exclusively(lockFile, work)))
    expect(existsSync(lockFile)).toBe(false)
  })
})

describe('addresses', () => {
  it('follow the ports', () => {
    const urls = addresses({ SHOP_AMQP_PORT: '1', SHOP_AMQP_MANAGEMENT_PORT: '2', SHOP_REDIS_PORT: '3' })
    expect(urls).toMatchObject({
      amqpUrlBase: 'amqp://127.0.0.1:1',
      amqpAdminUrl: 'http://shop_admin:development-only-admin@127.0.0.1:2',
      amqpAdminAmqpUrl: 'amqp://shop_admin:development-only-admin@127.0.0.1:1/shop',
      redisUrl: 'redis://:development-only-redis@127.0.0.1:3/0',
    })
  })

  it('given from outside win', () => {
    const SHOP_AMQP_URL_BASE = 'amqps://mq.example.com:5671'
    const SHOP_AMQP_ADMIN_URL = 'https://root:p%40ss@mq.example.com'
    expect(addresses({ SHOP_AMQP_URL_BASE, SHOP_AMQP_ADMIN_URL, SHOP_AMQP_VHOST: 'a/b' })).toMatchObject({
      amqpUrlBase: SHOP_AMQP_URL_BASE,
      amqpAdminUrl: SHOP_AMQP_ADMIN_URL,
      amqpAdminAmqpUrl: 'amqps://root:p%40ss@mq.example.com:5671/a%2Fb',
    })
  })

  it('of a cluster: its services get a URL per node', () => {
    const where = addresses({ SHOP_AMQP_URL_BASE: 'amqp://mq-1:5672,amqp://mq-2:5673' })
    expect(where.amqpAdminAmqpUrl).toMatch(/@mq-1:5672\/shop$/)
    const user = 'order-service:development-only-order-service'
    expect(serviceEnv('order-service', where, {}).SHOP_AMQP_URL).toBe(
      `amqp://${user}@mq-1:5672/shop,amqp://${user}@mq-2:5673/shop`,
    )
  })

  it('shift for a second instance', () => {
    expect(shiftPorts(portsFromEnv({ SHOP_REDIS_PORT: '7000' }), 100)).toMatchObject({ redis: 7100, postgres: 21532 })
  })

  it('that are missing or answer nothing are named', async () => {
    await expect(checkExternal({ SHOP_REDIS_URL: 'redis://x' })).rejects.toThrow('SHOP_POSTGRES_ADMIN_URL')
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as { port: number }
    await new Promise((resolve) => closed.close(resolve))
    const check = checkExternal({
      SHOP_POSTGRES_ADMIN_URL: `postgres://a:b@127.0.0.1:${port}/postgres`,
      SHOP_AMQP_ADMIN_URL: `http://a:b@127.0.0.1:${port}`,
      SHOP_AMQP_URL_BASE: `amqp://127.0.0.1:${port}`,
      SHOP_REDIS_URL: `redis://127.0.0.1:${port}`,
    })
    await expect(check).rejects.toThrow(`no answer from ${Array(4).fill(`127.0.0.1:${port}`).join(', ')}`)
  })
})
