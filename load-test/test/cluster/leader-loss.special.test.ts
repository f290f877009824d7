import { eventsQueue, Management, segment } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import {
  addresses,
  clusterInstance,
  type RabbitMqCluster,
  startCluster,
  startClusterNode,
  stopCluster,
  stopClusterNode,
} from '../../../scripts/src/infra'
import { Load } from '../support/load'
import { TestShop } from '../support/test-shop'
import { keepsItsPromises } from '../support/use-shop'

jest.setTimeout(120_000)

// accepted before, without and after the node: enough for something to be under way everywhere
const BETWEEN = 15
const CONSUMES_AGAIN_WITHIN_MS = 10_000

let cluster: RabbitMqCluster
let shop: TestShop
let load: Load

beforeAll(async () => {
  cluster = await clusterInstance('leader-loss')
  await startCluster(cluster)
  const [first] = cluster.nodes
  const managementUrl = addresses({}, first?.ports).amqpAdminUrl
  const amqpAddresses = cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.amqp}`)
  shop = await TestShop.open({ hasAccounts: true, instances: 2, broker: { managementUrl, amqpAddresses } })
})
afterAll(async () => {
  await load?.stop()
  await shop?.close()
  await stopCluster(cluster, { volumes: true })
})

interface Queue {
  readonly name: string
  readonly leader: string
  readonly members: readonly string[]
  readonly online: readonly string[]
}

const nodeOf = (n: number) => {
  const node = cluster.nodes[n]
  if (!node?.node) throw new Error(`no node ${n}`)
  return { ...node, name: node.node.name }
}

const queues = (askedNode: number) =>
  new Management(addresses({}, nodeOf(askedNode).ports).amqpAdminUrl).get<Queue[]>(
    `/queues/${segment(shop.premises.broker.vhost)}`,
  )

/** Resolves when every service's queues have a copy on every node that is up, and one that leads. */
const areWhole = (askedNode: number, online: number) =>
  eventually(async () => {
    const found = await queues(askedNode)
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(shop.services.map(eventsQueue)))
    for (const { leader, members, online: copies } of found)
      expect({ leader, members: members.length, copies: copies.length }).toEqual({
        leader: expect.stringMatching(/^shop-/),
        members: 3,
        copies: online,
      })
  }, 30_000)

/** Kills the node and answers how long it took until every instance of every service consumed again. */
async function loseNode(n: number): Promise<number> {
  const lostAtMs = performance.now()
  await stopClusterNode(nodeOf(n), { signal: 'SIGKILL' })
  await Promise.all(shop.services.map((service) => shop.whenReady(service)))
  return performance.now() - lostAtMs
}

/** Resolves when so many orders that are placed from now on have ended. */
async function furtherEnd(count: number): Promise<void> {
  const known = load.accepted.length
  await load.further(count)
  await Promise.all(load.accepted.slice(known).map(({ ada, id }) => shop.poll(ada, { id })))
}

test('the node that leads every queue is killed: orders go on, nothing is lost or twice, and the node returns', async () => {
  await areWhole(0, 3)
  expect(new Set((await queues(0)).map(({ leader }) => leader))).toEqual(new Set([nodeOf(0).name]))
  load = await Load.start(shop, 6)
  await furtherEnd(BETWEEN)

  const tookMs = await loseNode(0)
  process.stderr.write(`every service consumed again ${Math.round(tookMs)} ms after the leader's death\n`)
  expect(tookMs).toBeLessThan(CONSUMES_AGAIN_WITHIN_MS)
  await areWhole(1, 2)
  await furtherEnd(BETWEEN)

  await startClusterNode(nodeOf(0))
  await areWhole(1, 3)
  await furtherEnd(BETWEEN)
  await load.end(shop)
  await keepsItsPromises(shop)
})
