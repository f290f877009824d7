import { join } from 'node:path'
import { installMissing, serverPackages, withoutServers } from './apt'
import { dockerDown, dockerUp, isDockerUsable } from './docker'
import { exclusively } from './exclusively'
import { checkExternal, ownBesideExternal } from './external'
import { defaultInstance, type Instance } from './instance'
import { isRunning, pidOf } from './lifecycle'
import { isAnyRunning, prepareDataDir, type Report, startServers, stopServers } from './native'
import { allServers, withoutBroker } from './servers'

export type Kind = 'external' | 'docker' | 'native'

/** SHOP_INFRA decides; else private servers that already run, else Docker, else private servers. */
export function kindOf(instance: Instance): Kind {
  if (instance.dataDir !== defaultInstance().dataDir) return 'native' // servers of a test's own
  const wish = process.env.SHOP_INFRA
  if (wish === 'external' || wish === 'docker' || wish === 'native') return wish
  return !isAnyRunning(instance) && isDockerUsable() ? 'docker' : 'native'
}

const lockOf = ({ dataDir }: Instance) => `${dataDir}.lock`

/**
 * Resolves when all servers answer. Finding them running takes a fraction of a second. `hasBroker: false`: without
 * RabbitMQ, which the caller starts as a cluster.
 */
export const up = (report: Report, instance = defaultInstance(), { hasBroker = true } = {}): Promise<void> =>
  exclusively(lockOf(instance), async () => {
    const kind = kindOf(instance)
    if (kind === 'docker') return dockerUp()
    prepareDataDir(instance)
    if (kind === 'external') {
      await checkExternal()
      return startServers(ownBesideExternal(), instance, report)
    }
    const logFile = join(instance.dataDir, 'apt.log')
    await installMissing(serverPackages, { logFile, report, otherwise: withoutServers })
    await startServers(hasBroker ? allServers : withoutBroker, instance, report)
  })

/** Resolves when no process of ours is left, and with `volumes` no data either. */
export const down = (options: { volumes: boolean }, instance = defaultInstance()): Promise<void> =>
  exclusively(lockOf(instance), async () => {
    if (kindOf(instance) === 'docker') dockerDown(options)
    await stopServers(instance, options)
  })

export async function status(instance = defaultInstance()): Promise<{ title: string; state: string }[]> {
  const kind = kindOf(instance)
  if (kind === 'external') await checkExternal()
  const ours = kind === 'external' ? ownBesideExternal() : allServers
  return Promise.all(
    ours.map(async ({ server }) => {
      // With Docker there is no process of ours to look for, only the port
      const isUp = kind === 'docker' || isRunning(server, instance)
      const state = !isUp ? 'stopped' : (await server.isReady(instance)) ? 'ready' : 'not ready'
      return { title: server.title, state }
    }),
  )
}

/** The processes of our own servers; none of those that somebody else or Docker runs. */
export const serverPids = (instance = defaultInstance()): { title: string; pid: number }[] =>
  allServers.flatMap(({ server }) => {
    const pid = pidOf(server, instance)
    return pid === undefined ? [] : [{ title: server.title, pid }]
  })
