import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ConfigError, type Database, type Id, newId } from '@order-saga/common'
import { type EntityManager, IsNull, MoreThan } from 'typeorm'
import { alone } from '../db/first-start'
import { type PublicJwk, SigningKeyEntity, type SigningKeyRow } from '../db/signing-key'

export interface SigningKey {
  readonly kid: Id
  readonly privateKey: KeyObject
}

interface PublishedKey extends PublicJwk {
  readonly kid: Id
  readonly alg: 'ES256'
  readonly use: 'sig'
}

// the longest lifetime of a token, the readers' clock skew, and as much again
const PUBLISHED_AFTER_RETIREMENT_MS = 3_600_000

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

  /** Takes the newest key in force, or makes the first one. */
  async load(): Promise<SigningKey> {
    const row = await this.database.entityTransaction(async (manager) => {
      await alone(manager)
      const [newest] = await manager.find(SigningKeyEntity, {
        where: { retiredAt: IsNull() },
        order: { createdAt: 'DESC' },
        take: 1,
      })
      return newest ?? (await this.#create(manager))
    })
    this.#current = { kid: row.kid, privateKey: this.#open(row) }
    return this.#current
  }

  /** JWKS (RFC 7517): public halves only. */
  async published(): Promise<PublishedKey[]> {
    await this.current()
    const manager = await this.database.manager()
    const retiredRecently = MoreThan(new Date(Date.now() - PUBLISHED_AFTER_RETIREMENT_MS))
    const rows = await manager.find(SigningKeyEntity, {
      select: { kid: true, publicJwk: true },
      where: [{ retiredAt: IsNull() }, { retiredAt: retiredRecently }],
      order: { createdAt: 'DESC' },
    })
    return rows.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, alg: 'ES256', use: 'sig' }))
  }

  async #create(manager: EntityManager): Promise<Pick<SigningKeyRow, 'kid' | 'privateKeyPem' | 'publicJwk'>> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const encryption = { cipher: 'aes-256-cbc', passphrase: this.passphrase }
    const row = {
      kid: newId(),
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString(),
      publicJwk: publicKey.export({ format: 'jwk' }) as PublicJwk,
    }
    await manager.insert(SigningKeyEntity, row)
    return row
  }

  #open({ kid, privateKeyPem, publicJwk }: Pick<SigningKeyRow, 'kid' | 'privateKeyPem' | 'publicJwk'>): KeyObject {
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
