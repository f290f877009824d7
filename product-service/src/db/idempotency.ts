import { createHash } from 'node:crypto'
import { type Id, Problem, statement, type Tx } from '@order-saga/common'

const MAX_WAIT_MS = 2_000

const waitBriefly = statement('idempotency-wait', `SELECT set_config('lock_timeout', '${MAX_WAIT_MS}', true)`)

const claim = statement(
  'idempotency-claim',
  `INSERT INTO idempotency_keys (caller, route, key, fingerprint) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
)

const store = statement(
  'idempotency-store',
  'UPDATE idempotency_keys SET response = $4 WHERE caller = $1 AND route = $2 AND key = $3',
)

const find = statement<{ fingerprint: string; response: unknown }>(
  'idempotency-find',
  'SELECT fingerprint, response FROM idempotency_keys WHERE caller = $1 AND route = $2 AND key = $3',
)

export interface KeyedRequest {
  readonly caller: Id
  readonly route: string
  /** undefined: the client sent none, so every request counts. */
  readonly key: string | undefined
  readonly request: unknown
}

export interface Once<T> {
  readonly response: T
  readonly isReplayed: boolean
}

/**
 * Does the work once for each key, in the transaction that stores its answer: a crash leaves no half-used key.
 * A parallel duplicate waits for the first and replays its answer; a refused request stores nothing.
 */
export async function onceByKey<T>(tx: Tx, keyed: KeyedRequest, work: () => Promise<T>): Promise<Once<T>> {
  const { caller, route, key, request } = keyed
  if (key === undefined) return { response: await work(), isReplayed: false }
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  await tx.query(waitBriefly)
  const claimed = await tx.execute(claim, [caller, route, key, fingerprint]).catch(refuseSlow)
  if (claimed === 0) return { response: await replay<T>(tx, keyed, fingerprint), isReplayed: true }
  const response = await work()
  await tx.write(store, [caller, route, key, JSON.stringify(response)], 1)
  return { response, isReplayed: false }
}

async function replay<T>(tx: Tx, { caller, route, key }: KeyedRequest, fingerprint: string): Promise<T> {
  const [stored] = await tx.query(find, [caller, route, key])
  if (stored?.fingerprint !== fingerprint)
    throw new Problem(422, 'idempotency-key-reused', 'This key was used for another request.')
  return stored.response as T
}

function refuseSlow(error: unknown): never {
  const isLockTimeout = error instanceof Error && 'code' in error && error.code === '55P03'
  if (!isLockTimeout) throw error
  throw new Problem(409, 'idempotency-in-progress', 'The first request with this key is still running.', {
    'Retry-After': '1',
  })
}
