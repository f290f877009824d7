import { lstatSync, mkdirSync, rmSync } from 'node:fs'
import { Unavailable } from './infra-error'
import { type Instance, isRoot } from './instance'
import { isRunning } from './lifecycle'
import { allServers, type Managed } from './servers'

export type Report = (line: string) => void

export const isAnyRunning = (instance: Instance): boolean =>
  allServers.some(({ server }) => isRunning(server, instance))

/** Starts what does not run yet, all at once. One that fails does not hold up the others. */
export async function startServers(servers: Managed[], instance: Instance, report: Report): Promise<void> {
  const begun = performance.now()
  const results = await Promise.allSettled(
    servers.map(async ({ server, start }) => {
      const { wasRunning } = await start(instance)
      const took = wasRunning ? 'runs' : `${((performance.now() - begun) / 1000).toFixed(1)} s`
      const ports = server.ports.slice(0, 2).map((name) => instance.ports[name])
      report(`✓ ${server.title.padEnd(10)} 127.0.0.1:${ports.join(', ').padEnd(12)} ${took}`)
    }),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Stops whatever of this instance runs; other instances and other people's servers stay untouched. */
export async function stopServers(instance: Instance, { volumes }: { volumes: boolean }): Promise<void> {
  await Promise.all(allServers.map(({ stop }) => stop(instance)))
  if (volumes) rmSync(instance.dataDir, { recursive: true, force: true })
}

export function prepareDataDir({ dataDir }: Instance): void {
  // Servers with users of their own pass through this directory to theirs
  mkdirSync(dataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 })
  const found = lstatSync(dataDir)
  // Below /var/tmp anybody could have been there first
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Unavailable(`${dataDir} is not this user's directory; SHOP_DATA_DIR chooses another place`)
  }
}
