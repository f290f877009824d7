import {
  changed,
  type Decision,
  type EventOf,
  type Id,
  on,
  orderCreated,
  type Saga,
  statement,
} from '@order-saga/common'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** A table without any uniqueness: whatever happens twice is seen twice. */
export class Effects1763600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE effects (event_id uuid NOT NULL, order_id uuid NOT NULL)')
  }
  async down(): Promise<void> {}
}

export class EffectBook {
  readonly events: EventOf<typeof orderCreated>[] = []
}

const add = statement('add-effects', 'INSERT INTO effects SELECT * FROM unnest($1::uuid[], $2::uuid[])')
export const effects = statement<{ event_id: Id; order_id: Id }>('effects', 'SELECT * FROM effects')

export type OnOrder = (book: EffectBook, event: EventOf<typeof orderCreated>) => Decision

export const note: OnOrder = (book, event) => {
  book.events.push(event)
  return changed(null)
}

/** A participant whose whole state is the list of orders it has heard of. */
export const effectSaga = (react: OnOrder = note, overrides: Partial<Saga<EffectBook>> = {}): Saga<EffectBook> => ({
  open: async () => new EffectBook(),
  close: async (tx, { events }) => {
    await tx.execute(add, [events.map(({ id }) => id), events.map(({ data }) => data.orderId)])
  },
  steps: [on(orderCreated, react)],
  ...overrides,
})
