import { catalogue, on, type Saga } from '@order-saga/common'
import { type Entry, insertEntries } from './db/journal'
import { recordEvent } from './use-cases/record-event'

/** Whatever anybody publishes is written down. Nothing is ever answered: this service only listens. */
export const journalSaga: Saga<Entry[]> = {
  open: async () => [],
  close: insertEntries,
  steps: catalogue.map((contract) => on(contract, recordEvent(contract))),
}
