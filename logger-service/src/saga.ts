import { catalogue, on, type Saga } from '@order-saga/common'
import { type Entry, insertEntries } from './db/journal'
import { upsertJourneys } from './db/journeys'
import { projectAll } from './domain/projection'
import { recordEvent } from './use-cases/record-event'

/** Whatever anybody publishes is written down. Nothing is ever answered: this service only listens. */
export const journalSaga: Saga<Entry[]> = {
  open: async () => [],
  close: async (tx, entries) => {
    await Promise.all([insertEntries(tx, entries), upsertJourneys(tx, projectAll(entries))])
  },
  steps: catalogue.map((contract) => on(contract, recordEvent(contract))),
}
