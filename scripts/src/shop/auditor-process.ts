import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { cloneRoot, runningPid, startNode, stopProcess, waitFor } from '../infra'
import { auditorPort, auditorUrl, baseUrlOf } from './service-env'
import { fileOf } from './service-processes'

export const auditorScript = join(cloneRoot, 'scripts/dist/auditor.js')

const pidFile = () => fileOf('auditor', 'pid')

export const isAuditorRunning = (): boolean => runningPid(pidFile()) !== undefined

/** Beside what it shares with `npm run audit`: addresses and passwords of everything. */
export const auditorEnv = (): NodeJS.ProcessEnv => ({
  PORT: String(auditorPort()),
  SHOP_JWKS_URL: `${baseUrlOf('auth-service')}/.well-known/jwks.json`,
})

/** Starts the auditor as a process that outlives us; one that runs already is left alone. */
export function startAuditor(): ChildProcess | undefined {
  if (isAuditorRunning()) return undefined
  const logFile = fileOf('auditor', 'log')
  return startNode({ script: auditorScript, cwd: cloneRoot, env: auditorEnv(), logFile, pidFile: pidFile() })
}

export const stopAuditor = (): Promise<void> => stopProcess(pidFile())

export async function isAuditorReady(): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000)
  return (await fetch(`${auditorUrl()}/readyz`, { signal }).catch(() => undefined))?.ok ?? false
}

/** Fails at once when its process has ended. */
export async function whenAuditorReady(timeoutMs = 30_000): Promise<void> {
  const log = fileOf('auditor', 'log')
  const isUp = () => {
    if (!isAuditorRunning()) throw new Error(`the auditor has ended; its log: ${log}`)
    return isAuditorReady()
  }
  await waitFor(isUp, { timeoutMs, what: `readiness of the auditor (log: ${log})`, everyMs: 50 })
}
