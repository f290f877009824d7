import { Database, type Envelope, Metrics, silent, statement } from '@order-saga/common'
import { testDatabase } from '@order-saga/common/testing'
import { Settler } from '../../common/src/messaging/settler'
import { participant } from '../src'
import { journalSaga } from '../src/saga'

const empty = statement('empty-inbox', 'DELETE FROM inbox')
const count = statement<{ n: number }>('count-journal', 'SELECT count(*)::int AS n FROM journal')

/** The service's part of the saga over a real database. */
export async function startLogger() {
  const db = await testDatabase(participant)
  const database = new Database({ service: 'logger-service', url: db.url })
  const settler = new Settler({
    database,
    saga: journalSaga,
    metrics: new Metrics('logger-service'),
    log: silent,
  })
  return {
    db,
    database,
    hear: (events: readonly Envelope[]) =>
      settler.settle(
        events.map((event) => ({ event, brokerUser: event.source })),
        [],
      ),
    forgetInbox: () => database.execute(empty),
    size: async () => (await database.query(count))[0]?.n,
    close: async () => {
      await database.close()
      await db.drop()
    },
  }
}

export type Logger = Awaited<ReturnType<typeof startLogger>>
