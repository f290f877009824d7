import { type Caller, type Database, eventsQueue, type Id, notFound, type ServiceName } from '@order-saga/common'
import type { BrokerView, Sight } from '../broker-view'
import { eventsOfOrder } from '../db/journal'
import { linesOfOrder } from '../db/log-lines'
import { customerOf, type Journey, journeyOf } from '../domain/journey'
import type { Attempt } from '../domain/troubles'

/** Of one's own orders only; to anybody else the order does not exist. */
export async function tellJourney(
  { database, broker }: { database: Database; broker: BrokerView },
  caller: Caller,
  orderId: Id,
): Promise<Journey> {
  const [events, lines, sight] = await Promise.all([
    eventsOfOrder(database, orderId),
    linesOfOrder(database, orderId),
    broker.look(),
  ])
  const isTheirs = caller.role === 'admin' || customerOf(events) === caller.userId
  if (events.length === 0 || !isTheirs) throw notFound('order')
  const journey = journeyOf(orderId, events, { now: new Date(), lines, consuming: (service) => seen(sight, service) })
  return caller.role === 'admin' ? journey : withoutErrors(journey)
}

function seen(sight: Sight, service: string) {
  if (!sight.isReachable) return undefined
  const queue = sight.queues.get(eventsQueue(service as ServiceName))
  return { isConsuming: (queue?.consumers ?? 0) > 0, waiting: (queue?.ready ?? 0) + (queue?.unacknowledged ?? 0) }
}

/** What failed inside is not for customers to read. */
function withoutErrors(journey: Journey): Journey {
  const bare = (attempt: Attempt): Attempt => ({ ...attempt, error: null })
  const { attempts, parked, deadLetter } = journey
  return {
    ...journey,
    attempts: attempts.map(bare),
    parked: parked.map(bare),
    deadLetter: deadLetter && bare(deadLetter),
  }
}
