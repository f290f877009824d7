import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beginningOf } from './process-table'
import type { User } from './users'
import { waitFor } from './wait-for'

export interface ProcessSpec {
  command: string
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  logFile: string
  pidFile: string
  user?: User | undefined
  /** An attached child keeps the parent's event loop alive; a detached one outlives the parent. */
  attached?: boolean
}

/** Starts a process in a process group of its own, so that it can be stopped with all its children. */
export function startProcess(spec: ProcessSpec): ChildProcess {
  mkdirSync(dirname(spec.logFile), { recursive: true })
  const log = openSync(spec.logFile, 'a')
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...spec.user,
  })
  closeSync(log)
  // A failed spawn is reported where the caller looks for it: nothing runs, and the log says why
  child.on('error', (error) => writeFileSync(spec.logFile, `${error.message}\n`, { flag: 'a' }))
  if (child.pid !== undefined) writePidFile(spec.pidFile, child.pid)
  if (!spec.attached) child.unref()
  return child
}

export interface NodeProcessSpec extends Omit<ProcessSpec, 'command' | 'args'> {
  script: string
  args?: string[]
  /** `env` is the whole environment: nothing of ours is inherited. */
  isolated?: boolean
}

export function startNode({ script, args = [], env, isolated = false, ...spec }: NodeProcessSpec): ChildProcess {
  const whole = isolated ? env : { ...process.env, ...env }
  return startProcess({ ...spec, command: process.execPath, args: [script, ...args], env: whole })
}

export function writePidFile(pidFile: string, pid: number): void {
  mkdirSync(dirname(pidFile), { recursive: true })
  writeFileSync(`${pidFile}.new`, `${pid}\n${beginningOf(pid)}\n`)
  renameSync(`${pidFile}.new`, pidFile)
}

/** The pid in the file, if that very process still lives. */
export function runningPid(pidFile: string): number | undefined {
  try {
    const [pid, beginning] = readFileSync(pidFile, 'utf8').split('\n')
    return beginning === beginningOf(Number(pid)) ? Number(pid) : undefined
  } catch {
    return undefined
  }
}

/** Signals a process, or with a negative pid its group; one that has just ended is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export interface Stopping {
  signal?: NodeJS.Signals
  killAfterMs?: number
}

/** Resolves when the process is gone: by the signal, or after the bound by SIGKILL to its whole group. */
export async function stopProcess(pidFile: string, stopping: Stopping = {}): Promise<void> {
  const pid = runningPid(pidFile)
  const { signal: name = 'SIGTERM', killAfterMs = 15_000 } = stopping
  if (pid !== undefined) {
    const isGone = () => runningPid(pidFile) === undefined
    signal(name === 'SIGKILL' ? -pid : pid, name)
    await waitFor(isGone, { timeoutMs: killAfterMs, what: `end of ${pid}` }).catch(() => signal(-pid, 'SIGKILL'))
    await waitFor(isGone, { timeoutMs: 5_000, what: `end of ${pid} after SIGKILL` })
  }
  rmSync(pidFile, { force: true })
}
