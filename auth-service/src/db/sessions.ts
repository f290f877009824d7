import { type Id, newId, type Queryable, type Revoked, statement, type Tx } from '@order-saga/common'
import type { Presented } from '../domain/session'
import type { User } from './user'

/** What an access token says of its bearer. */
export type Bearer = Pick<User, 'id' | 'role' | 'notBefore'>

/** A presented refresh token with its login and its owner. */
export interface Found extends Presented, Bearer {
  readonly sessionId: Id
  readonly expiresAt: Date
}

const insertSession = statement<{ expiresAt: Date }>(
  'session-insert',
  `INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + $3 * interval '1 day')
   RETURNING expires_at AS "expiresAt"`,
)
const insertToken = statement(
  'refresh-token-insert',
  'INSERT INTO refresh_tokens (sha256, session_id, generation) VALUES ($1, $2, $3)',
)

/** Who changes what an access token says of its bearer waits: before the login, as they lock both. */
const lockOwner = statement(
  'session-lock-owner',
  `SELECT u.id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
   WHERE t.sha256 = $1 FOR SHARE OF u`,
)
/** Whoever presents a token of the same login meanwhile waits. */
const lockByToken = statement<Found>(
  'session-lock',
  `SELECT s.id AS "sessionId", s.expires_at AS "expiresAt", t.generation, s.generation AS newest,
     (extract(epoch FROM clock_timestamp() - s.rotated_at) * 1000)::float8 AS "msSinceRotation",
     s.revoked_at IS NOT NULL OR s.expires_at <= now() AS "isOver",
     u.id, u.role, u.not_before AS "notBefore"
   FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
   WHERE t.sha256 = $1
   FOR UPDATE OF s`,
)
const rotate = statement(
  'session-rotate',
  `UPDATE sessions SET generation = generation + 1, rotated_at = clock_timestamp()
   WHERE id = $1 AND generation = $2 AND revoked_at IS NULL`,
)
const revokeOne = statement(
  'session-revoke',
  'UPDATE sessions SET revoked_at = now() WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL',
)
const revokeAll = statement(
  'sessions-revoke',
  'UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL',
)
// a token's iat has whole seconds, and those of the running one are still issued; called back twice in one second, those
// issued in between are bad as well
const callBack = statement(
  'user-call-back',
  `UPDATE users SET not_before = greatest(date_trunc('second', clock_timestamp()), not_before) + interval '1 second' WHERE id = $1`,
)

export async function insertSessionOf(tx: Tx, userId: Id, days: number) {
  const sessionId = newId()
  const [row] = await tx.query(insertSession, [sessionId, userId, days])
  if (!row) throw new Error('an insert without a row')
  return { sessionId, expiresAt: row.expiresAt }
}

export const insertRefreshToken = (tx: Tx, sha256: Buffer, sessionId: Id, generation: number): Promise<void> =>
  tx.write(insertToken, [sha256, sessionId, generation], 1)

export async function lockSession(tx: Tx, sha256: Buffer): Promise<Found | undefined> {
  await tx.query(lockOwner, [sha256])
  return (await tx.query(lockByToken, [sha256]))[0]
}

export const rotateSession = (tx: Tx, sessionId: Id, generation: number): Promise<void> =>
  tx.write(rotate, [sessionId, generation], 1)

/** false: it is over already. */
export const revokeSession = async (tx: Tx, sessionId: Id, userId: Id): Promise<boolean> =>
  (await tx.execute(revokeOne, [sessionId, userId])) === 1

/** Ends every login of a user. What was issued so far is refused by every service a few seconds later. */
export async function revokeSessions(tx: Tx, userId: Id): Promise<void> {
  // whoever is just logging in holds the user's row: their session is there, or they find out
  await callBackTokens(tx, userId)
  await tx.execute(revokeAll, [userId])
}

/** Access tokens say what is no longer true; whoever refreshes gets new ones. */
export const callBackTokens = (tx: Tx, userId: Id): Promise<void> => tx.write(callBack, [userId], 1)

// longer than any access token is good, with the readers' clock skew
const MATTERS = `interval '20 minutes'`

const revoked = statement<{ sessions: Id[]; users: { id: Id; notBefore: number }[] }>(
  'revoked',
  `SELECT
     (SELECT coalesce(json_agg(id), '[]') FROM sessions WHERE revoked_at > now() - ${MATTERS}) AS sessions,
     (SELECT coalesce(json_agg(json_build_object('id', id, 'notBefore', extract(epoch FROM not_before)::int)), '[]')
      FROM users WHERE not_before > now() - ${MATTERS}) AS users`,
)

export async function revokedLately(db: Queryable): Promise<Revoked> {
  const [{ sessions, users } = { sessions: [], users: [] }] = await db.query(revoked)
  return { sessions, notBefore: Object.fromEntries(users.map(({ id, notBefore }) => [id, notBefore])) }
}

const forget = statement(
  'sessions-forget',
  `DELETE FROM sessions WHERE id IN (
     SELECT id FROM sessions WHERE expires_at < now() - interval '1 day'
     UNION ALL SELECT id FROM sessions WHERE revoked_at < now() - interval '1 day'
     LIMIT 1000)`,
)

export const forgetSessions = (db: Queryable): Promise<number> => db.execute(forget)

const all = statement<{ createdAt: Date; expiresAt: Date; revokedAt: Date | null }>(
  'sessions-of-user',
  `SELECT created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"
   FROM sessions WHERE user_id = $1 ORDER BY created_at DESC`,
)

/** Newest first; one that ended more than a day ago is forgotten. */
export const sessionsOf = (db: Queryable, userId: Id) => db.query(all, [userId])
