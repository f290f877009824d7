import { reactions } from '../contracts/reactions'
import { type ServiceName, serviceNames } from '../contracts/services'
import type { Participant } from '../participant'

export const JOURNAL: ServiceName = 'logger-service'

const reactsTo = (service: ServiceName): string[] =>
  Object.keys(reactions).filter((type) => reactions[type]?.some((reaction) => reaction.service === service))

/** All services, as far as the broker knows them: for who compares the whole topology and may import no service. */
export const knownParticipants = (): Participant[] =>
  serviceNames.map((service) => ({
    service,
    reacts: reactsTo(service),
    hearsEverything: service === JOURNAL,
    migrations: [],
  }))
