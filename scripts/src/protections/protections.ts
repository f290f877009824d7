export interface NamedTest {
  readonly file: string
  /** The end of its full name. */
  readonly title: string
}

/** What keeps one promise, and what happens to it here: `snippet` of `file` becomes `replacement`. */
export interface Protection {
  readonly name: string
  readonly protects: string
  readonly file: string
  readonly snippet: string
  readonly replacement: string
  /** Each goes red without it. */
  readonly tests: readonly NamedTest[]
}

export const protections: readonly Protection[] = [
  {
    name: 'inbox',
    protects: 'an event that is delivered twice has one effect',
    file: 'common/src/messaging/inbox.ts',
    snippet: 'return new Set(rows.map(({ id }) => id))',
    replacement: 'return new Set(rows.length < 0 ? [] : ids)',
    tests: [
      {
        file: 'common/test/settling.int.test.ts',
        title: 'lets a hundred duplicates have one effect, in one batch or in many',
      },
    ],
  },
  {
    name: 'outbox',
    protects: 'an event is stored with the state it speaks of, so that a crash before it is published loses nothing',
    file: 'common/src/outbox/append.ts',
    snippet: 'if (events.length > 0) await tx.execute(append,',
    replacement: 'if (events.length < 0) await tx.execute(append,',
    tests: [
      {
        file: 'common/test/outbox.int.test.ts',
        title: 'what was committed and never published is published by whoever comes next, another instance as well',
      },
    ],
  },
  {
    name: 'confirm',
    protects: 'an event counts as sent only when the broker has said that it has it',
    file: 'common/src/messaging/rabbit-publisher.ts',
    snippet: 'if (!isWritable) this.#awaitDrain(channel)',
    replacement: "pending.resolve('confirmed')\n    if (!isWritable) this.#awaitDrain(channel)",
    tests: [
      {
        file: 'common/test/outbox.int.test.ts',
        title: 'a lost confirm makes it publish again with the same ids, and the inbox drops the repeat',
      },
      {
        file: 'common/test/supervisor.int.test.ts',
        title: 'rejects what is unconfirmed when the connection is lost',
      },
    ],
  },
  {
    name: 'ordered lock',
    protects: 'orders that want the same products never wait for each other in a circle',
    file: 'product-service/src/db/reservation-statements.ts',
    snippet: 'FROM products WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
    replacement: 'FROM products WHERE id = ANY($1::uuid[]) ORDER BY random() FOR UPDATE',
    tests: [
      {
        file: 'load-test/test/saga/stock-races.int.test.ts',
        title: 'R19 orders take the same products in opposite sequences in two instances: never a deadlock',
      },
    ],
  },
  {
    name: 'compare-and-set',
    protects: 'a verdict is written only on the state it was made for',
    file: 'order-service/src/db/order-repository.ts',
    snippet: 'WHERE orders.id = n.id AND orders.version = n.expected_version',
    replacement: 'WHERE orders.id = n.id',
    tests: [
      {
        file: 'order-service/test/saga.int.test.ts',
        title: 'a verdict on an order that somebody else has decided meanwhile is not written',
      },
    ],
  },
  {
    name: 'tombstone',
    protects: 'a cancellation that overtakes the order leaves a trace, so that the late order takes no stock',
    file: 'product-service/src/domain/reservation.ts',
    snippet: "return changed({ reservation: { orderId: reservation.orderId, state: 'released' }, shelf })",
    replacement: "return ignored('nothing_held')",
    tests: [
      {
        file: 'product-service/test/saga.int.test.ts',
        title: 'R10: a create that arrives after the deadline finds the cancel and holds nothing',
      },
    ],
  },
  {
    name: 'same-key retry',
    protects: 'a charge whose outcome is unknown is asked for again under its first key, so that it is made once',
    file: 'payment-service/src/db/provider-calls.ts',
    snippet: "const key = kind === 'charge' ? row.charge_key : row.refund_key",
    replacement: 'const key = row.charge_key + row.attempts',
    tests: [
      {
        file: 'payment-service/test/provider-worker.int.test.ts',
        title: 'by a provider that executes late is captured at most once (R12)',
      },
    ],
  },
  {
    name: 'ack after commit',
    protects: 'an event leaves the queue only when what came of it is committed',
    file: 'common/src/messaging/consumer.ts',
    snippet: 'const batch = this.#take()',
    replacement: 'const batch = this.#take()\n      batch.last.ackUpTo()',
    tests: [
      {
        file: 'common/test/holding.int.test.ts',
        title: 'gives back what it holds, once, when that lasts too long, and resubscribes when the database is back',
      },
    ],
  },
]
