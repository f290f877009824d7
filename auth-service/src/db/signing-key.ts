import { type Id, type Queryable, statement, type Tx } from '@order-saga/common'

/** The public half of a P-256 key (RFC 7518 §6.2). */
export interface PublicJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string
}

/**
 * - `waiting`: published, so that all readers know it before it signs
 * - `signing`: the oldest in force
 * - `retired`: signs nothing any more, published until its last token has expired
 * - `expired`: not even that
 * - `withdrawn`: not published, whatever it has signed
 */
export const keyStates = ['waiting', 'signing', 'retired', 'expired', 'withdrawn'] as const
export type KeyState = (typeof keyStates)[number]

export const publishedStates: readonly KeyState[] = ['waiting', 'signing', 'retired']

export interface KeyPair {
  readonly kid: Id
  readonly privateKeyPem: string
  readonly publicJwk: PublicJwk
}

export interface SigningKeyRow extends KeyPair {
  readonly state: KeyState
  readonly createdAt: Date
  readonly retiredAt: Date | null
}

// one hour: the longest lifetime of a token, the readers' clock skew, and as much again
const keys = statement<SigningKeyRow>(
  'signing-keys',
  `SELECT kid, private_key_pem AS "privateKeyPem", public_jwk AS "publicJwk",
     created_at AS "createdAt", retired_at AS "retiredAt",
     CASE
       WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
       WHEN retired_at <= now() - interval '1 hour' THEN 'expired'
       WHEN retired_at <= now() THEN 'retired'
       WHEN row_number() OVER (PARTITION BY coalesce(retired_at <= now(), false) ORDER BY created_at, kid) = 1 THEN 'signing'
       ELSE 'waiting'
     END AS state
   FROM signing_keys ORDER BY created_at DESC, kid DESC`,
)
const insert = statement(
  'signing-key-insert',
  'INSERT INTO signing_keys (kid, private_key_pem, public_jwk, created_at) VALUES ($1, $2, $3, clock_timestamp())',
)
const retire = statement<{ retiredAt: Date }>(
  'signing-key-retire',
  `UPDATE signing_keys SET retired_at = now() + $2 * interval '1 ms' WHERE kid = $1 RETURNING retired_at AS "retiredAt"`,
)
const withdraw = statement(
  'signing-key-withdraw',
  `UPDATE signing_keys SET retired_at = least(retired_at, now()), withdrawn_at = now()
   WHERE kid = $1 AND withdrawn_at IS NULL`,
)
const keepInForce = statement(
  'signing-key-keep',
  'UPDATE signing_keys SET retired_at = NULL WHERE kid = $1 AND retired_at > now()',
)

/** Newest first. */
export const allKeys = (db: Queryable): Promise<SigningKeyRow[]> => db.query(keys)

export const insertKey = (tx: Tx, { kid, privateKeyPem, publicJwk }: KeyPair): Promise<void> =>
  tx.write(insert, [kid, privateKeyPem, JSON.stringify(publicJwk)], 1)

/** Answers when it signs for the last time. */
export async function retireKey(tx: Tx, kid: Id, inMs: number): Promise<Date> {
  const [row] = await tx.query(retire, [kid, inMs])
  if (!row) throw new Error('an update without a row')
  return row.retiredAt
}

/** false: it was withdrawn before. */
export const withdrawKey = async (tx: Tx, kid: Id): Promise<boolean> => (await tx.execute(withdraw, [kid])) === 1

/** It was to retire, and does not. */
export const keepKeyInForce = (tx: Tx, kid: Id): Promise<number> => tx.execute(keepInForce, [kid])
