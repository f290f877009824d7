import { eventsQueue, knownParticipants, type ServiceName, serviceNames } from '@order-saga/common'
import type { BrokerView } from './broker-view'
import { type Answers, serviceHealth, type Waiting } from './domain/health'
import type { Peers } from './peers/peers'
import type { ServiceLetters } from './peers/service-letters'
import type { TopologyWatch } from './topology-watch'

export interface HealthOptions {
  readonly peers: Peers
  readonly letters: ServiceLetters
  readonly broker: BrokerView
  readonly topology: TopologyWatch
}

const READINESS_MS = 2_500
const AUDIBLE = new Map(
  knownParticipants().map(({ service, reacts, hearsEverything }) => [service, hearsEverything || reacts.length > 0]),
)

/** How the shop is. Whoever is away, broker included, is what it tells: it never fails because of that. */
export class ShopHealth {
  constructor(private readonly options: HealthOptions) {}

  async tell(token: string) {
    const { broker, topology } = this.options
    const [sight, differences, asked] = await Promise.all([
      broker.look(),
      topology.differences().catch((): string[] => []),
      Promise.all(serviceNames.map((service) => this.#ask(service, token))),
    ])
    const queues = sight.isReachable ? sight.queues : new Map<string, never>()
    const services = asked.map(({ service, ...answered }) =>
      serviceHealth({
        service,
        ...answered,
        isReader: AUDIBLE.get(service) ?? false,
        queue: queues.get(eventsQueue(service)),
      }),
    )
    const why = sight.isReachable ? null : sight.why
    const problems = [
      ...(why === null ? [] : [`Queues and consumers are not known: ${why}.`]),
      ...differences.map((difference) => `${difference}.`),
      ...services.flatMap((service) => service.problems),
    ]
    return {
      at: new Date(),
      isWell: problems.length === 0,
      problems,
      broker: { isReachable: sight.isReachable, why, differences },
      services,
      queues: [...queues].map(([name, figures]) => ({ name, ...figures })),
    }
  }

  async #ask(service: ServiceName, token: string) {
    const [answers, waiting] = await Promise.all([
      this.#readiness(service).catch(() => undefined),
      this.options.letters.backlog(service, token).catch((): Waiting | undefined => undefined),
    ])
    return { service, answers, waiting }
  }

  async #readiness(service: ServiceName): Promise<Answers> {
    type Body = { missing?: string[]; alarms?: number }
    const { status, body } = await this.options.peers.ask<Body>(service, '/readyz', { timeoutMs: READINESS_MS })
    return { isReady: status === 200, missing: body.missing ?? [], alarms: body.alarms ?? 0 }
  }
}
