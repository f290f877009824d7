/** The promises of the shop, in the order in which they are reported. */
export const invariants = {
  M1: 'The money kept of a paid order is its total less a refund by an administrator, of a cancelled one nothing',
  M2: 'An order is charged at most once and refunded at most once, never beyond what was captured',
  M3: 'Captured, reserved, ordered and mailed amounts agree, at the prices of the moment of the reservation',
  M4: "Payments and the provider's ledger agree row by row",
  S1: 'Every piece of stock is available, reserved or sold',
  S2: 'Stock is sold for paid orders only, and held for none that has ended',
  S3: 'A reservation has all lines of its order',
  T1: 'Every accepted order exists, once per key, and none that nobody placed',
  T2: 'Every order has ended, at most 60 s after the last fault',
  T3: 'A client sees pending, then one verdict; versions never fall, and an accepted order is never unknown',
  T4: 'Every order has exactly one verdict on record',
  E1: 'Every order has the mails of its end and no others',
  E2: 'A mail sent twice carries the same Message-ID, and goes to whom it concerns',
  L1: 'Every event told is in the journal as it was told',
  L2: 'The journal holds nothing that nobody told',
  L3: 'Every cause exists, and there is no effect without its cause',
  L4: 'Every reader has handled every event it hears, once, or keeps it parked or dead',
  L5: 'Nothing is unsent or parked, and nothing is kept longer than it may be',
  D1: 'Dead letters are exactly the poison that was injected',
  B1: 'Queues are empty, consumed, and bound as the saga needs it',
  P1: 'No process crashed or raised an alarm',
  A1: 'Every accepted order left a log line, and no log holds a secret',
  C1: "Nobody sees anything of somebody else's",
} as const

export type InvariantId = keyof typeof invariants
