import { statement, type Tx } from '../db/tx'
import type { Id } from '../schemas'

// A parked or dead event has no claim, so that it can be tried again; a duplicate of it is a duplicate all the same.
const claimNew = statement<{ id: Id }>(
  'inbox-claim',
  `INSERT INTO inbox (id)
   SELECT id FROM unnest($1::uuid[]) AS arrived(id)
   WHERE NOT EXISTS (SELECT FROM parked WHERE event_id = arrived.id)
     AND NOT EXISTS (SELECT FROM dead_letters WHERE event_id = arrived.id)
   ORDER BY id
   ON CONFLICT DO NOTHING
   RETURNING id`,
)

const claimParked = statement('inbox-claim-parked', 'INSERT INTO inbox (id) VALUES ($1) ON CONFLICT DO NOTHING')

const release = statement('inbox-release', 'DELETE FROM inbox WHERE id = $1')

const settled = statement<{ is: boolean }>(
  'inbox-settled',
  `SELECT EXISTS (SELECT FROM inbox WHERE id = $1) OR EXISTS (SELECT FROM parked WHERE event_id = $1)
     OR EXISTS (SELECT FROM dead_letters WHERE event_id = $1) AS is`,
)

/** Done, parked or dead: only its ack got lost. */
export const isSettled = async (tx: Tx, id: Id): Promise<boolean> => (await tx.query(settled, [id]))[0]?.is ?? false

/** Takes the ids nobody has handled yet. A concurrent claim of the same id waits for the other's commit. */
export async function claim(tx: Tx, ids: readonly Id[]): Promise<Set<Id>> {
  if (ids.length === 0) return new Set()
  const rows = await tx.query(claimNew, [ids])
  return new Set(rows.map(({ id }) => id))
}

/** The same for an event that is parked. false: it was handled meanwhile. */
export const claimOne = async (tx: Tx, id: Id): Promise<boolean> => (await tx.execute(claimParked, [id])) === 1

/** Gives a claim back, for an event that ends this transaction parked instead of done. */
export const unclaim = (tx: Tx, id: Id): Promise<number> => tx.execute(release, [id])
