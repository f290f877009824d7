import { setTimeout as pause } from 'node:timers/promises'
import { EVENTS_EXCHANGE, eventsQueue, type ServiceName, segment, serviceNames } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Servers } from '../site/servers'
import { oldestUnheard } from '../site/unheard'
import type { WireName } from '../site/wires'
import { type Fault, momentary } from './fault'

const broker = () => 'broker'
const MOMENT = [0, 0] as const
const ONE = ['RabbitMQ']
const consumers = serviceNames.filter((service) => service !== 'auth-service')
// PostgreSQL may be dead meanwhile, and on its way back
const REBUILT_WITHIN_MS = 60_000
// longer than the deadline with its grace, both together: what was lost is cancelled, and asked for, before it comes again
const LOST_MS = [6_000, 7_000] as const
const OPERATOR_PAUSE_MS = 7_000

const kill: Fault = {
  kind: 'kill-broker',
  about: 'kill -9 of RabbitMQ, back after 0–3 s',
  targets: ONE,
  lastsMs: [0, 3_000],
  hits: broker,
  isInRush: true,
  strike: async ({ site }) => {
    const start = await site.servers.killBroker()
    return {
      heal: async () => {
        await start()
        await site.whenReady()
      },
      hasStruck: () => true,
    }
  },
}

const freeze: Fault = {
  kind: 'freeze-broker',
  about: 'SIGSTOP of RabbitMQ: sockets stay open and say nothing, until the heartbeat gives up',
  targets: ONE,
  lastsMs: [18_000, 20_000],
  hits: broker,
  strike: async ({ site }) => {
    const thaw = await site.servers.freezeBroker()
    return {
      heal: async () => {
        thaw()
        await site.whenReady()
      },
      hasStruck: () => true,
    }
  },
}

const closeConnections: Fault = {
  kind: 'close-connections',
  about: 'the broker closes every connection (320)',
  targets: ONE,
  lastsMs: MOMENT,
  hits: broker,
  isInRush: true,
  strike: async ({ site }) => momentary((await site.servers.closeConnections()) > 0),
}

// basic.ack of a delivery that never was: the broker closes this channel with 406, and leaves the connection
const ACK_OF_NOTHING = Buffer.from(
  ['01', '0001', '0000000d', '003c', '0050', '00000000000f423f', '00', 'ce'].join(''),
  'hex',
)

const closeChannel: Fault = {
  kind: 'close-channel',
  about: 'an acknowledgement of nothing: the broker closes the channel (406) and leaves the connection open',
  targets: consumers,
  lastsMs: [1_000, 1_000],
  hits: (target) => target,
  isInRush: true,
  strike: async ({ site }, target) => {
    const wire = site.wires.of(`${target} – broker` as WireName)
    const { connections } = wire
    wire.sayToServer(ACK_OF_NOTHING)
    return { heal: () => site.process(target).whenReady(), hasStruck: () => connections > 0 }
  },
}

const alarm = (kind: string, about: string, on: readonly string[], off: readonly string[]): Fault => ({
  kind,
  about,
  targets: ONE,
  lastsMs: [8_000, 12_000],
  hits: broker,
  strike: async ({ site }) => ({ heal: await site.servers.brokerCtl(on, off), hasStruck: () => true }),
})

const diskAlarm = alarm(
  'disk-alarm',
  'the broker is short of disk and blocks publishers',
  ['set_disk_free_limit', '9000GB'],
  ['set_disk_free_limit', '50MB'],
)

const memoryAlarm = alarm(
  'memory-alarm',
  'the broker is short of memory and blocks publishers',
  ['set_vm_memory_high_watermark', '0.00001'],
  ['set_vm_memory_high_watermark', '0.4'],
)

/**
 * The operator's two commands: topology and, after a moment in which verdicts overtake what they are about, a replay of
 * what may be lost. While a server is away, once more.
 */
async function rebuild(servers: Servers, since: Date): Promise<void> {
  await eventually(() => servers.prepareBroker(), REBUILT_WITHIN_MS)
  await pause(OPERATOR_PAUSE_MS)
  await eventually(() => servers.replay(since), REBUILT_WITHIN_MS)
}

const deleteQueue: Fault = {
  kind: 'delete-queue',
  about: 'a queue is deleted with what is in it; the operator rebuilds the topology and, 7 s later, replays',
  targets: consumers,
  lastsMs: LOST_MS,
  hits: broker,
  isInRush: true,
  strike: async ({ site }, target) => {
    const since = await eventually(() => oldestUnheard(site.databases, target as ServiceName), REBUILT_WITHIN_MS)
    const { management, where } = site.servers
    await management.delete(`/queues/${segment(where.vhost)}/${eventsQueue(target as ServiceName)}`)
    return {
      heal: async () => {
        await rebuild(site.servers, since)
        await site.process(target).whenReady()
      },
      hasStruck: () => true,
    }
  },
}

interface Binding {
  readonly source: string
  readonly properties_key: string
}

const removeBinding: Fault = {
  kind: 'remove-binding',
  about: "a queue's bindings are removed; the operator rebuilds the topology and, 7 s later, replays",
  targets: consumers,
  lastsMs: LOST_MS,
  hits: broker,
  isInRush: true,
  strike: async ({ site }, target) => {
    const since = await eventually(() => oldestUnheard(site.databases, target as ServiceName), REBUILT_WITHIN_MS)
    const { management, where } = site.servers
    const queue = eventsQueue(target as ServiceName)
    const vhost = segment(where.vhost)
    const bindings = await management.get<Binding[]>(`/queues/${vhost}/${queue}/bindings`)
    const ours = bindings.filter(({ source }) => source === EVENTS_EXCHANGE)
    for (const { properties_key } of ours)
      await management.delete(`/bindings/${vhost}/e/${EVENTS_EXCHANGE}/q/${queue}/${segment(properties_key)}`)
    return {
      heal: () => rebuild(site.servers, since),
      hasStruck: () => ours.length > 0,
    }
  },
}

export const brokerFaults: readonly Fault[] = [
  kill,
  freeze,
  closeConnections,
  closeChannel,
  diskAlarm,
  memoryAlarm,
  deleteQueue,
  removeBinding,
]
