import { CancelReason, catalogue, databaseOf, SERVICES, serviceNames } from '@order-saga/common'
import { participants } from '../participants'
import { table } from './table'

const short = (service: string) => service.replace('-service', '')

/** A reader that undoes something of its own because of the event is marked. */
const readersOf = (type: string): string[] =>
  participants.flatMap(({ service, reactions = [], hearsEverything }) =>
    hearsEverything
      ? []
      : reactions
          .filter((reaction) => reaction.type === type)
          .map(({ compensates }) => `${short(service)}${compensates ? ' ↩' : ''}`),
  )

function eventTable(): string {
  const rows = catalogue.map(({ type, publisher, summary, audience }) => {
    const reactedToBy = audience === 'observers' ? '(journal only)' : readersOf(type).join(', ')
    return [`\`${type}\``, short(publisher), reactedToBy, summary]
  })
  return table(['event', 'published by', 'reacted to by', 'means'], rows)
}

function serviceTable(): string {
  const rows = serviceNames.map((service) => [
    `[${service}](${service}/README.md)`,
    `[${SERVICES[service].port}](http://localhost:${SERVICES[service].port}/docs)`,
    `\`${databaseOf(service)}\``,
  ])
  return table(['service', 'port', 'database'], rows)
}

function statusTable(): string {
  const reasons = CancelReason.enum.map((reason) => `\`${reason}\``).join(', ')
  return table(
    ['status', 'means', 'ends there', 'reasons'],
    [
      ['`pending`', 'accepted; stock and money are being settled', 'no', ''],
      ['`paid`', 'charged exactly once, stock sold', 'yes', ''],
      ['`cancelled`', 'nothing held, nothing charged (or given back)', 'yes', reasons],
    ],
  )
}

/** Every table of the README that can drift from the code. */
export const generatedTables = (): Record<string, string> => ({
  events: eventTable(),
  statuses: statusTable(),
  services: serviceTable(),
})
