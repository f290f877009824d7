import { newId } from '@order-saga/common'
import jwt from 'jsonwebtoken'
import type { AuthConfig } from '../config'
import type { User } from '../db/user'
import type { SigningKey } from './signing-keys'

type TokenRules = Pick<AuthConfig, 'tokenIssuer' | 'tokenAudience' | 'tokenTtlS'>

/** An access token of RFC 9068. ES256: who can check it still cannot make one. */
export function accessToken({ id, role }: User, { kid, privateKey }: SigningKey, rules: TokenRules): string {
  return jwt.sign({ role }, privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', typ: 'at+jwt' },
    keyid: kid,
    issuer: rules.tokenIssuer,
    audience: rules.tokenAudience,
    expiresIn: rules.tokenTtlS,
    subject: id,
    jwtid: newId(),
  })
}
