import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildAuthService, readAuthConfig } from '@order-saga/auth-service'
import { buildCartService, readCartConfig } from '@order-saga/cart-service'
import type { Env, Runtime, ServiceName } from '@order-saga/common'
import { buildLoggerService } from '@order-saga/logger-service'
import { buildMailerService } from '@order-saga/mailer-service'
import { buildOrderService, readOrderConfig } from '@order-saga/order-service'
import { buildPaymentService, readPaymentConfig } from '@order-saga/payment-service'
import { buildProductService, readProductConfig } from '@order-saga/product-service'
import { readLoggerConfig } from '../../../logger-service/src/config'
import { readMailerConfig } from '../../../mailer-service/src/config'
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

type Build = (env: Env, isEchoing: boolean) => Promise<Runtime>

const busOf = (isEchoing: boolean, service: ServiceName, url: string) =>
  isEchoing ? new EchoBus(service, url) : undefined

// as cheap as it gets, which no setting allows: a hundred logins would else be most of what a test file costs
const BCRYPT_COST = 4

const builds: Record<ServiceName, Build> = {
  'auth-service': (env) => buildAuthService({ ...readAuthConfig(env), bcryptCost: BCRYPT_COST }),
  'cart-service': (env) => buildCartService(readCartConfig(env)),
  'logger-service': (env) => buildLoggerService(readLoggerConfig(env)),
  'mailer-service': (env) => buildMailerService(readMailerConfig(env)),
  'order-service': (env, isEchoing) => {
    const config = readOrderConfig(env)
    return buildOrderService(config, busOf(isEchoing, 'order-service', config.amqpUrl))
  },
  'payment-service': (env, isEchoing) => {
    const config = readPaymentConfig(env)
    const bus = busOf(isEchoing, 'payment-service', config.amqpUrl)
    return buildPaymentService(config, bus ? { bus } : {})
  },
  'product-service': (env, isEchoing) => {
    const config = readProductConfig(env)
    return buildProductService(config, busOf(isEchoing, 'product-service', config.amqpUrl))
  },
}

/** `isEchoing`: every message leaves twice. */
export const inProcess =
  (isEchoing: boolean): Launch =>
  async (service, env, settings) => {
    const runtime = await builds[service](env, isEchoing)
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
