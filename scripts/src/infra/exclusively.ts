import { linkSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { runningPid, writePidFile } from './processes'
import { waitFor } from './wait-for'

/** One `up` or `down` of an instance at a time; a second one waits for the first. */
export async function exclusively<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true })
  await waitFor(() => acquire(lockFile), { timeoutMs: 600_000, what: `end of the process noted in ${lockFile}` })
  try {
    return await work()
  } finally {
    rmSync(lockFile, { force: true })
  }
}

function acquire(lockFile: string): boolean {
  const own = `${lockFile}.${process.pid}`
  writePidFile(own, process.pid)
  try {
    linkSync(own, lockFile) // appears with its content or not at all
    return true
  } catch {
    if (runningPid(lockFile) === undefined) rmSync(lockFile, { force: true })
    return false
  } finally {
    rmSync(own, { force: true })
  }
}
