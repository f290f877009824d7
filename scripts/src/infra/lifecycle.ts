import { join } from 'node:path'
import { InfraError } from './infra-error'
import type { Instance } from './instance'
import { claimPorts, releasePorts, requireFreePorts } from './port-claims'
import { processesOf } from './process-table'
import { runningPid, type Stopping, signal, startProcess, stopProcess } from './processes'
import type { Server } from './server'
import { waitFor } from './wait-for'

export const filesOf = ({ id, directory = id }: Server, { dataDir }: Instance) => ({
  directory: join(dataDir, directory),
  pidFile: join(dataDir, `${id}.pid`),
  logFile: join(dataDir, `${id}.log`),
})

export const isRunning = (server: Server, instance: Instance): boolean => pidOf(server, instance) !== undefined

/** Of the process we started, while it lives; of a server in a container none. */
export const pidOf = (server: Server, instance: Instance): number | undefined =>
  runningPid(filesOf(server, instance).pidFile)

/** Resolves when the server answers; one that already runs is left as it is. */
export async function start(server: Server, instance: Instance): Promise<{ wasRunning: boolean }> {
  const wasRunning = isRunning(server, instance)
  if (!wasRunning) await launch(server, instance)
  await untilReady(server, instance)
  return { wasRunning }
}

async function launch(server: Server, instance: Instance): Promise<void> {
  const { directory, pidFile, logFile } = filesOf(server, instance)
  await endLeftovers(server, instance)
  await requireFreePorts(server, instance)
  const program = await server.prepare(instance)
  const { pid } = startProcess({ ...program, cwd: directory, pidFile, logFile })
  if (pid !== undefined) claimPorts(server, instance, pid)
}

async function untilReady(server: Server, instance: Instance): Promise<void> {
  const { logFile } = filesOf(server, instance)
  const isReady = async () => {
    if (!isRunning(server, instance)) throw new InfraError(`${server.title} ended while it started`, logFile)
    return server.isReady(instance)
  }
  await waitFor(isReady, { timeoutMs: 60_000, what: `${server.title} ready` }).catch((error: Error) => {
    throw error instanceof InfraError ? error : new InfraError(error.message, logFile)
  })
}

/** Resolves when the server and all its children are gone. */
export async function stop(server: Server, instance: Instance, stopping: Stopping = {}): Promise<void> {
  const { pidFile } = filesOf(server, instance)
  await stopProcess(pidFile, { ...server.stopping, ...stopping })
  await endLeftovers(server, instance)
  releasePorts(server, instance)
}

// A killed server leaves children behind that hold its port or its shared memory for a while
async function endLeftovers(server: Server, instance: Instance): Promise<void> {
  const leftovers = () => processesOf(filesOf(server, instance).directory, server.executables)
  const areGone = () => {
    const pids = leftovers()
    for (const pid of pids) signal(pid, 'SIGKILL')
    return pids.length === 0
  }
  await waitFor(areGone, { timeoutMs: 10_000, what: `end of what ${server.title} left behind` })
}
