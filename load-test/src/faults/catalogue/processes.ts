import { join } from 'node:path'
import { type ServiceName, serviceNames } from '@order-saga/common'
import { cloneRoot, waitFor } from '@order-saga/scripts/infra'
import type { Site } from '../site/site'
import { type Fault, momentary, type Strike } from './fault'

const MOMENT = [0, 0] as const
const HOUR_MS = 3_600_000

/** Faults 1 to 7: kill -9 at a random moment, back after up to three seconds. */
const kills = serviceNames.map(
  (service): Fault => ({
    kind: `kill-${service.replace('-service', '')}`,
    about: `kill -9 of ${service}, back after 0–3 s`,
    targets: [service],
    lastsMs: MOMENT,
    hits: (target) => target,
    isInRush: true,
    strike: async ({ site }, target) => {
      const victim = site.process(target)
      const { starts } = victim
      victim.kill()
      return {
        heal: () => untilRestarted(site, target, starts),
        hasStruck: () => victim.starts > starts,
      }
    },
  }),
)

async function untilRestarted(site: Site, name: string, starts: number): Promise<void> {
  const process = site.process(name)
  await waitFor(() => process.starts > starts, { timeoutMs: 60_000, what: `restart of ${name}` })
  await process.whenReady()
}

const freeze: Fault = {
  kind: 'freeze-service',
  about: 'SIGSTOP of a service, which then goes on as if nothing had been: its deliveries are with somebody else',
  targets: serviceNames,
  lastsMs: [8_000, 20_000],
  hits: (target) => target,
  strike: async ({ site }, target) => {
    const process = site.process(target)
    const { pid } = process
    process.freeze()
    return {
      heal: async () => {
        process.thaw()
        await process.whenReady()
      },
      hasStruck: () => pid !== undefined,
    }
  },
}

const rollingRestart: Fault = {
  kind: 'rolling-restart',
  about: 'SIGTERM to every service, one after the other: each drains within 20 s and exits 0',
  targets: ['all services'],
  lastsMs: MOMENT,
  hits: () => 'all services',
  strike: async ({ site, observations }) => {
    for (const process of site.processes) {
      // one that another fault killed, and that is only loading its modules, has nothing to drain and no ears yet
      await process.whenReady()
      const drained = await process.restart()
      if (drained) observations.happened({ kind: 'drained', process: process.name, ...drained })
      await process.whenReady()
    }
    return momentary(true)
  },
}

const secondInstance: Fault = {
  kind: 'second-instance',
  about: 'a second instance of a service: two relays, two consumers, two sweeps',
  targets: serviceNames,
  lastsMs: [5_000, 10_000],
  hits: (target) => `second ${target}`,
  strike: async ({ site }, target): Promise<Strike> => {
    const twin = await site.twin(target as ServiceName)
    return {
      heal: () => twin.stop(),
      hasStruck: () => twin.starts > 0,
    }
  },
}

const wrongClock: Fault = {
  kind: 'clock-ahead',
  about: "one service's host is an hour ahead: deadlines are the database's",
  targets: ['order-service', 'product-service', 'payment-service', 'mailer-service'],
  lastsMs: [5_000, 10_000],
  hits: (target) => target,
  strike: async ({ site }, target) => {
    const process = site.process(target)
    await process.restart({
      NODE_OPTIONS: `--require ${join(cloneRoot, 'load-test/shift-clock.cjs')}`,
      TEST_CLOCK_SHIFT_MS: String(HOUR_MS),
    })
    await process.whenReady()
    return {
      heal: async () => {
        await process.restart()
        await process.whenReady()
      },
      hasStruck: () => true,
    }
  },
}

export const processFaults: readonly Fault[] = [...kills, freeze, rollingRestart, secondInstance, wrongClock]
