import { type Caller, type Database, type Id, notFound } from '@order-saga/common'
import { eventsOfOrder } from '../db/journal'
import { customerOf, type Journey, journeyOf } from '../domain/journey'

/** Of one's own orders only; to anybody else the order does not exist. */
export async function tellJourney(database: Database, caller: Caller, orderId: Id): Promise<Journey> {
  const events = await eventsOfOrder(database, orderId)
  const isTheirs = caller.role === 'admin' || customerOf(events) === caller.userId
  if (events.length === 0 || !isTheirs) throw notFound('order')
  return journeyOf(orderId, events, new Date())
}
