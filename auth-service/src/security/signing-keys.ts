import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ConfigError, type Database, type Id, newId, notFound, type Tx } from '@order-saga/common'
import { alone } from '../db/first-start'
import {
  allKeys,
  insertKey,
  type KeyPair,
  keepKeyInForce,
  type PublicJwk,
  publishedStates,
  retireKey,
  withdrawKey,
} from '../db/signing-key'

export interface SigningKey {
  readonly kid: Id
  readonly privateKey: KeyObject
}

interface PublishedKey extends PublicJwk {
  readonly kid: Id
  readonly alg: 'ES256'
  readonly use: 'sig'
}

// a reader asks for an unknown key once a minute at most, and instances look every ten seconds which one signs
const LEAD_MS = 120_000

export interface Successor {
  readonly kid: Id
  readonly signsFrom: Date
  /** false: it was waiting already. */
  readonly isNew: boolean
}

/** The keys that sign access tokens. Private halves never leave this service, and its database only encrypted. */
export class SigningKeys {
  #current: SigningKey | undefined

  constructor(
    private readonly database: Database,
    private readonly passphrase: string,
  ) {}

  get isLoaded(): boolean {
    return this.#current !== undefined
  }

  async current(): Promise<SigningKey> {
    return this.#current ?? this.load()
  }

  /** Takes the key whose turn it is, or makes the first one. */
  async load(): Promise<SigningKey> {
    const row = await this.database.transaction(async (tx) => {
      await alone(tx)
      return (await allKeys(tx)).find(({ state }) => state === 'signing') ?? (await this.#create(tx))
    })
    // opening one costs a hundred times what looking at its id does
    if (this.#current?.kid !== row.kid) this.#current = { kid: row.kid, privateKey: this.#open(row) }
    return this.#current
  }

  /** JWKS (RFC 7517): public halves only. */
  async published(): Promise<PublishedKey[]> {
    await this.current()
    const keys = await allKeys(this.database)
    return keys
      .filter(({ state }) => publishedStates.includes(state))
      .map(({ kid, publicJwk }) => ({ ...publicJwk, kid, alg: 'ES256', use: 'sig' }))
  }

  /** Publishes a new key at once and lets it sign later, when all readers know it. While one waits there is no further one. */
  async rotate(tx: Tx): Promise<Successor> {
    await alone(tx)
    const keys = await allKeys(tx)
    const signing = keys.find(({ state }) => state === 'signing')
    const waiting = keys.find(({ state }) => state === 'waiting')
    if (waiting && signing?.retiredAt) return { kid: waiting.kid, signsFrom: signing.retiredAt, isNew: false }
    const { kid } = waiting ?? (await this.#create(tx))
    return { kid, signsFrom: signing ? await retireKey(tx, signing.kid, LEAD_MS) : new Date(), isNew: true }
  }

  /**
   * A key that somebody else may have is not published any more. Without it the one that waits signs at once, and
   * without that a new one; the one that was to be followed by it goes on. false: it was withdrawn before.
   */
  async withdraw(tx: Tx, kid: Id): Promise<boolean> {
    await alone(tx)
    if (!(await allKeys(tx)).some((key) => key.kid === kid)) throw notFound('signing key')
    if (!(await withdrawKey(tx, kid))) return false
    const keys = await allKeys(tx)
    const signing = keys.find(({ state }) => state === 'signing')
    if (!signing) await this.#create(tx)
    else if (!keys.some(({ state }) => state === 'waiting')) await keepKeyInForce(tx, signing.kid)
    return true
  }

  async #create(tx: Tx): Promise<KeyPair> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const encryption = { cipher: 'aes-256-cbc', passphrase: this.passphrase }
    const pair = {
      kid: newId(),
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString(),
      publicJwk: publicKey.export({ format: 'jwk' }) as PublicJwk,
    }
    await insertKey(tx, pair)
    return pair
  }

  #open({ kid, privateKeyPem, publicJwk }: KeyPair): KeyObject {
    let privateKey: KeyObject
    try {
      privateKey = createPrivateKey({ key: privateKeyPem, passphrase: this.passphrase })
    } catch {
      throw new ConfigError([`SHOP_KEY_PASSPHRASE does not open signing key ${kid}`])
    }
    // nobody could verify what such a key signs
    if (!isPair(privateKey, publicJwk))
      throw new ConfigError([`SHOP_DATABASE_URL holds signing key ${kid}, which is no pair on P-256`])
    return privateKey
  }
}

function isPair(privateKey: KeyObject, { crv, x, y }: PublicJwk): boolean {
  const half = createPublicKey(privateKey).export({ format: 'jwk' })
  return crv === 'P-256' && half.crv === crv && half.x === x && half.y === y
}
