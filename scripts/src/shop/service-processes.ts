import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { ServiceName } from '@order-saga/common'
import {
  type Addresses,
  cloneRoot,
  defaultInstance,
  runningPid,
  signal,
  startNode,
  stopProcess,
  waitFor,
} from '../infra'
import { baseUrlOf, serviceEnv } from './service-env'

/** Of a process that `npm run up` starts. */
export const fileOf = (name: string, ending: string): string =>
  join(defaultInstance().dataDir, 'services', `${name}.${ending}`)

export const logFileOf = (service: ServiceName): string => fileOf(service, 'log')

/** Of the process that `npm run up` started, while it lives. */
export const pidOf = (service: ServiceName): number | undefined => runningPid(fileOf(service, 'pid'))

export const isRunning = (service: ServiceName): boolean => pidOf(service) !== undefined

/** Starts a service as a process that outlives us; one that runs already is left alone. */
export function startService(
  service: ServiceName,
  where: Addresses,
  extra: NodeJS.ProcessEnv = {},
): ChildProcess | undefined {
  if (isRunning(service)) return undefined
  return startNode({
    script: join(cloneRoot, service, 'dist/main.js'),
    cwd: cloneRoot,
    env: { ...serviceEnv(service, where), ...extra },
    isolated: true,
    logFile: logFileOf(service),
    pidFile: fileOf(service, 'pid'),
  })
}

/** Drains and ends a service; resolves when its process is gone. */
export const stopService = (service: ServiceName): Promise<void> =>
  stopProcess(fileOf(service, 'pid'), { killAfterMs: 25_000 })

/** Ends a service the hard way, as a crash would. */
export async function killService(service: ServiceName): Promise<void> {
  const pid = pidOf(service)
  if (pid === undefined) throw new Error(`${service} does not run`)
  signal(pid, 'SIGKILL')
  await waitFor(() => !isRunning(service), { timeoutMs: 5_000, what: `end of ${service}` })
}

export async function isReady(service: ServiceName): Promise<boolean> {
  const response = await fetch(`${baseUrlOf(service)}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  )
  return response?.ok ?? false
}

/** Resolves when the service answers that it can do its work; fails at once when its process has ended. */
export async function whenReady(service: ServiceName, timeoutMs = 30_000): Promise<void> {
  const isUp = async () => {
    if (!isRunning(service)) throw new Error(`${service} has ended; its log: ${logFileOf(service)}`)
    return isReady(service)
  }
  await waitFor(isUp, { timeoutMs, what: `readiness of ${service} (log: ${logFileOf(service)})`, everyMs: 50 })
}
