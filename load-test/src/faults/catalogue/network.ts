import type { TcpProxy } from '@order-saga/common/testing'
import { type WireName, wireNames } from '../site/wires'
import type { Fault, Strike } from './fault'

interface Bend {
  readonly kind: string
  readonly about: string
  readonly lastsMs: readonly [number, number]
  readonly targets?: readonly WireName[]
  bend(wire: TcpProxy): void | Promise<void>
  straighten(wire: TcpProxy): void | Promise<void>
  /** What one wire must have seen to have been hit: traffic, unless told otherwise. */
  isAlwaysHit?: boolean
}

const MOMENT = [0, 0] as const
const busy = wireNames.filter((name) => !name.startsWith('auth-service'))

const onAWire = ({ kind, about, lastsMs, targets = busy, bend, straighten, isAlwaysHit }: Bend): Fault => ({
  kind,
  about,
  targets,
  lastsMs,
  hits: (target) => target,
  strike: async ({ site }, target): Promise<Strike> => {
    const wire = site.wires.of(target as WireName)
    const { chunks } = wire
    await bend(wire)
    return {
      heal: async () => {
        await straighten(wire)
        await site.whenReady()
      },
      hasStruck: () => isAlwaysHit || wire.chunks > chunks,
    }
  },
})

/** What passed while a direction was closed is missing: a connection that goes on without it would be another one. */
const reopen = (wire: TcpProxy) => {
  wire.mode = 'pass'
  wire.reset()
}

const network: readonly Bend[] = [
  {
    kind: 'reset-connections',
    about: 'every connection on a wire is reset',
    lastsMs: MOMENT,
    isAlwaysHit: true,
    bend: (wire) => wire.reset(),
    straighten: () => {},
  },
  {
    kind: 'refuse-connections',
    about: 'connections are reset, and new ones refused',
    lastsMs: [2_000, 5_000],
    isAlwaysHit: true,
    bend: async (wire) => {
      wire.reset()
      await wire.refuse()
    },
    straighten: (wire) => wire.accept(),
  },
  {
    kind: 'blackhole',
    about: 'a network that accepts everything and delivers nothing',
    lastsMs: [8_000, 10_000],
    bend: (wire) => {
      wire.mode = 'blackhole'
    },
    straighten: reopen,
  },
  {
    kind: 'half-open',
    about: 'a service is heard and hears nothing',
    lastsMs: [18_000, 20_000],
    bend: (wire) => {
      wire.mode = 'half-open'
    },
    straighten: reopen,
  },
  {
    kind: 'delay',
    about: 'every chunk takes 200 ± 100 ms longer, either way',
    lastsMs: [4_000, 8_000],
    bend: (wire) => {
      wire.delayMs = 100
      wire.jitterMs = 200
    },
    straighten: (wire) => {
      wire.delayMs = 0
      wire.jitterMs = 0
    },
  },
  {
    kind: 'throttle',
    about: '20 kB pass in a second',
    lastsMs: [4_000, 8_000],
    bend: (wire) => {
      wire.bytesPerS = 20_000
    },
    straighten: (wire) => {
      wire.bytesPerS = Number.POSITIVE_INFINITY
    },
  },
]

const slowRedis = onAWire({
  kind: 'slow-redis',
  about: 'Redis answers half a second late',
  targets: ['services – redis'],
  lastsMs: [4_000, 8_000],
  isAlwaysHit: true,
  bend: (wire) => {
    wire.delayMs = 500
  },
  straighten: (wire) => {
    wire.delayMs = 0
  },
})

const slowProvider = onAWire({
  kind: 'provider-slow',
  about: 'the provider answers after 5 s, and everything it was asked is done',
  targets: ['payment-service – provider'],
  lastsMs: [4_000, 8_000],
  bend: (wire) => {
    wire.delayMs = 2_500
  },
  straighten: (wire) => {
    wire.delayMs = 0
  },
})

export const networkFaults: readonly Fault[] = [...network.map(onAWire), slowRedis, slowProvider]
