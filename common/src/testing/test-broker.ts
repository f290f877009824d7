import { randomUUID } from 'node:crypto'
import type { ServiceName } from '../contracts/services'
import { MONITORING_USER } from '../messaging/names'
import type { Participant } from '../participant'
import { applyTopology, Management, manifestOf, segment } from '../topology'
import { developmentPassword, servers } from './servers'

export interface TestBroker {
  readonly vhost: string
  readonly management: Management
  readonly managementUrl: string
  /** As the user that may only look. */
  readonly monitoringUrl: string
  urlOf(user: ServiceName): string
  drop(): Promise<void>
}

/** Where a broker is: the tests' shared one, or a test's own, with an address per node. */
export interface BrokerPlace {
  readonly managementUrl: string
  /** Without user and vhost. */
  readonly amqpAddresses: readonly string[]
}

const shared: BrokerPlace = { managementUrl: servers.managementUrl, amqpAddresses: [servers.amqpAddress] }

/** A vhost of its own for one test file, with the real topology and the real rights. */
export async function testBroker(
  participants: readonly Participant[],
  { managementUrl, amqpAddresses } = shared,
): Promise<TestBroker> {
  const management = new Management(managementUrl)
  const vhost = `test-${randomUUID().slice(0, 8)}`
  await applyTopology(management, manifestOf(participants), { vhost, passwordOf: developmentPassword })
  return {
    vhost,
    management,
    managementUrl,
    monitoringUrl: monitoringUrlOf(managementUrl),
    urlOf: (user) =>
      amqpAddresses.map((address) => `amqp://${user}:${developmentPassword(user)}@${address}/${vhost}`).join(),
    drop: () => management.delete(`/vhosts/${segment(vhost)}`),
  }
}

function monitoringUrlOf(managementUrl: string): string {
  const url = new URL(managementUrl)
  url.username = MONITORING_USER
  url.password = developmentPassword(MONITORING_USER)
  return url.href
}
