import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildAuthService, readAuthConfig } from '@order-saga/auth-service'
import type { Bus, Env, Runtime, ServiceName } from '@order-saga/common'
import { onlyAsDescribed } from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import { EchoBus } from './echo-bus'

/** One running service. */
export interface Instance {
  readonly url: string
  readonly settings: Env
  /** Drains. A process answers its exit code. */
  stop(): Promise<number | null>
  /** A service in this process cannot be killed without the test. */
  readonly child?: ChildProcess
}

export type Launch = (service: ServiceName, env: Env, settings: Env) => Promise<Instance>

// as cheap as it gets, which no setting allows: a hundred logins would else be most of what a test file costs
const BCRYPT_COST = 4

function build(service: ServiceName, env: Env, bus: Bus | undefined): Promise<Runtime> {
  if (service === 'auth-service') return buildAuthService({ ...readAuthConfig(env), bcryptCost: BCRYPT_COST })
  const participant = participants.find((one) => one.service === service)
  if (!participant) throw new Error(`no ${service}`)
  return participant.build(env, bus)
}

/** `isEchoing`: every message leaves twice. */
export const inProcess =
  (isEchoing: boolean): Launch =>
  async (service, env, settings) => {
    const bus = isEchoing ? new EchoBus(service, String(env.SHOP_AMQP_URL)) : undefined
    const runtime = onlyAsDescribed(await build(service, env, bus))
    const url = await runtime.start()
    const stop = async () => {
      await runtime.stop()
      return 0
    }
    return { url, settings, stop }
  }

const root = join(__dirname, '../../..')
const shiftClock = join(__dirname, '../../shift-clock.cjs')
const armByMessage = join(__dirname, 'arm-by-message.cjs')

/** What a service says that ends at a failpoint, as it was told to. */
export const isLastWords = (text: Buffer): boolean => text.toString().startsWith('failpoint ')

/** The compiled service: it can be killed, frozen and started again, and has a clock of its own. */
export const asProcess = async (
  service: ServiceName,
  env: Env,
  settings: Env,
  onLog?: (text: string) => void,
): Promise<Instance> => {
  const preload = ['--require', shiftClock, '--require', armByMessage]
  const child = spawn(process.execPath, [...preload, join(root, service, 'dist/main.js')], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', onLog ? 'pipe' : process.env.LOG_LEVEL ? 'inherit' : 'ignore', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => onLog?.(text.toString()))
  child.stderr?.on('data', (text: Buffer) => isLastWords(text) || process.stderr.write(text))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const stop = () => {
    child.kill('SIGTERM')
    return exited
  }
  return { url: `http://127.0.0.1:${env.PORT}`, settings, stop, child }
}
