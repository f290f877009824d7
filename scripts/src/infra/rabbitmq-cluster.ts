import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Instance } from './instance'
import { start, stop } from './lifecycle'
import { prepareDataDir } from './native'
import type { Stopping } from './processes'
import { epmd, rabbitmq } from './rabbitmq'
import { separateInstance } from './separate-instance'

/** Brokers of one cluster on this machine: own ports and data each, one epmd and one cookie for all. */
export interface RabbitMqCluster {
  /** Where epmd lives, and below it the nodes. */
  base: Instance
  nodes: Instance[]
}

export async function clusterInstance(name: string, size = 3): Promise<RabbitMqCluster> {
  const base = await separateInstance(name)
  const cookie = randomBytes(24).toString('hex')
  const nameOf = (n: number) => `shop-${n}@localhost`
  const nodes: Instance[] = []
  while (nodes.length < size) {
    const { ports } = await separateInstance(name)
    // drawn at random: twice the same is possible
    if ([base, ...nodes].some((other) => other.ports.amqp === ports.amqp)) continue
    const n = nodes.length + 1
    nodes.push({
      dataDir: join(base.dataDir, `node-${n}`),
      ports: { ...ports, epmd: base.ports.epmd },
      node: { name: nameOf(n), seed: nameOf(1), cookie },
    })
  }
  return { base, nodes }
}

/** Resolves when all nodes answer and are one cluster. */
export async function startCluster(cluster: RabbitMqCluster): Promise<void> {
  const [first, ...others] = cluster.nodes
  if (!first) return
  prepareDataDir(cluster.base)
  await start(epmd, cluster.base)
  const isFormed = existsSync(join(first.dataDir, 'rabbitmq/mnesia'))
  // Nodes that know each other wait for one another; at their first start the others join the first
  if (isFormed) await Promise.all(cluster.nodes.map(startClusterNode))
  else {
    await startClusterNode(first)
    await Promise.all(others.map(startClusterNode))
  }
}

export async function startClusterNode(node: Instance): Promise<void> {
  prepareDataDir(node)
  await start(rabbitmq, node)
}

/** Ends one node; with SIGKILL as a crash would. The others go on. */
export const stopClusterNode = (node: Instance, stopping?: Stopping): Promise<void> => stop(rabbitmq, node, stopping)

/** Resolves when no process is left, and with `volumes` no data either. */
export async function stopCluster({ base, nodes }: RabbitMqCluster, { volumes }: { volumes: boolean }): Promise<void> {
  await Promise.all(nodes.map((node) => stopClusterNode(node)))
  await stop(epmd, base)
  if (volumes) rmSync(base.dataDir, { recursive: true, force: true })
}
