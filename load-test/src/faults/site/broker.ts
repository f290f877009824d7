import { Management, segment } from '@order-saga/common'
import { Balancer } from '@order-saga/common/testing'
import {
  addresses,
  type Instance,
  type RabbitMqCluster,
  startCluster,
  startClusterNode,
  startRabbitMq,
  stopCluster,
  stopClusterNode,
  stopRabbitMq,
} from '@order-saga/scripts/infra'

const KILLED = { signal: 'SIGKILL' as const }

/** RabbitMQ of a run, made to be broken. */
export interface Broker {
  /** Where it is found, unless at the ports of the other servers. */
  readonly env: NodeJS.ProcessEnv
  /** The node that a fault hits. */
  target(): Promise<Instance>
  kill(node: Instance): Promise<void>
  start(node: Instance): Promise<void>
  down(): Promise<void>
}

export function loneBroker(instance: Instance): Broker {
  return {
    env: {},
    target: async () => instance,
    kill: (node) => stopRabbitMq(node, KILLED),
    start: async (node) => void (await startRabbitMq(node)),
    down: () => stopRabbitMq(instance),
  }
}

/**
 * A cluster, behind one address that leads to any node that takes the connection. Faults hit the node that leads the
 * most queues; administrators are at the first.
 */
export async function clusteredBroker(cluster: RabbitMqCluster): Promise<Broker> {
  await startCluster(cluster)
  const door = await Balancer.before(() => cluster.nodes.map(({ ports }) => ports.amqp))
  const { amqpAdminUrl, vhost } = addresses({}, cluster.nodes[0]?.ports)
  return {
    env: { SHOP_AMQP_URL_BASE: `amqp://127.0.0.1:${door.port}`, SHOP_AMQP_ADMIN_URL: amqpAdminUrl },
    target: () => leaderOf(cluster, new Management(amqpAdminUrl), vhost),
    kill: (node) => stopClusterNode(node, KILLED),
    start: startClusterNode,
    down: async () => {
      await door.close()
      await stopCluster(cluster, { volumes: false })
    },
  }
}

async function leaderOf({ nodes }: RabbitMqCluster, management: Management, vhost: string): Promise<Instance> {
  const queues = await management.get<{ leader?: string }[]>(`/queues/${segment(vhost)}`)
  const led = ({ node }: Instance) => queues.filter(({ leader }) => leader === node?.name).length
  return nodes.reduce((most, node) => (led(node) > led(most) ? node : most))
}
