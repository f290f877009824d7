import type { ServiceName } from '@order-saga/common'
import { serviceNames } from '@order-saga/common'
import type { WireName } from '../site/wires'
import { type Fault, momentary } from './fault'

const MOMENT = [0, 0] as const
// CommandComplete of a COMMIT: the server says so only once it is done
const COMMITTED = /COMMIT\0/

const kill: Fault = {
  kind: 'kill-postgres',
  about: 'kill -9 of PostgreSQL and all its children, started again at once',
  targets: ['PostgreSQL'],
  lastsMs: [0, 2_000],
  hits: () => 'databases',
  strike: async ({ site }) => {
    await site.servers.killPostgres()
    return {
      heal: async () => {
        await site.servers.startPostgres()
        await site.whenReady()
      },
      hasStruck: () => true,
    }
  },
}

const terminate: Fault = {
  kind: 'terminate-sessions',
  about: "pg_terminate_backend of some of a service's sessions, whatever they are doing",
  targets: serviceNames,
  lastsMs: MOMENT,
  hits: () => 'databases',
  strike: async ({ site }, target) => momentary((await site.databases.terminate(target as ServiceName, 5)) > 0),
}

const cutCommit: Fault = {
  kind: 'cut-commit',
  about: 'transactions are committed, and the connection is lost before the service hears of it',
  targets: serviceNames.filter((service) => service !== 'auth-service'),
  lastsMs: [2_000, 3_000],
  hits: (target) => `${target} – database`,
  strike: async ({ site }, target) => {
    const wire = site.wires.of(`${target} – database` as WireName)
    const { cuts } = wire
    wire.cutsAnswer = COMMITTED
    return {
      heal: async () => {
        wire.cutsAnswer = undefined
        await site.process(target).whenReady()
      },
      hasStruck: () => wire.cuts > cuts,
    }
  },
}

export const databaseFaults: readonly Fault[] = [kill, terminate, cutCommit]
