import { randomUUID } from 'node:crypto'
import type { ServiceName } from '../contracts/services'
import type { Participant } from '../participant'
import { applyTopology, Management, manifestOf, segment } from '../topology'
import { developmentPassword, servers } from './servers'

export interface TestBroker {
  readonly vhost: string
  readonly management: Management
  urlOf(user: ServiceName): string
  drop(): Promise<void>
}

/** A vhost of its own for one test file, with the real topology and the real rights. */
export async function testBroker(participants: readonly Participant[]): Promise<TestBroker> {
  const management = new Management(servers.managementUrl)
  const vhost = `test-${randomUUID().slice(0, 8)}`
  await applyTopology(management, manifestOf(participants), { vhost, passwordOf: developmentPassword })
  return {
    vhost,
    management,
    urlOf: (user) => `amqp://${user}:${developmentPassword(user)}@${servers.amqpAddress}/${vhost}`,
    drop: () => management.delete(`/vhosts/${segment(vhost)}`),
  }
}
