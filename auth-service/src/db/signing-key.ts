import type { Id } from '@order-saga/common'
import { EntitySchema } from 'typeorm'

/** The public half of a P-256 key (RFC 7518 §6.2). */
export interface PublicJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string
}

export interface SigningKeyRow {
  readonly kid: Id
  readonly privateKeyPem: string
  readonly publicJwk: PublicJwk
  readonly createdAt: Date
  readonly retiredAt: Date | null
}

export const SigningKeyEntity = new EntitySchema<SigningKeyRow>({
  name: 'signing_key',
  tableName: 'signing_keys',
  columns: {
    kid: { type: 'uuid', primary: true },
    privateKeyPem: { name: 'private_key_pem', type: 'text' },
    publicJwk: { name: 'public_jwk', type: 'jsonb' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    retiredAt: { name: 'retired_at', type: 'timestamptz', nullable: true },
  },
})
