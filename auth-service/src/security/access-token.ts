import { type Id, newId } from '@order-saga/common'
import jwt from 'jsonwebtoken'
import type { AuthConfig } from '../config'
import type { Bearer } from '../db/sessions'
import type { SigningKey } from './signing-keys'

type TokenRules = Pick<AuthConfig, 'tokenIssuer' | 'tokenAudience' | 'tokenTtlS'>

/** An access token of RFC 9068. ES256: who can check it still cannot make one. */
export function accessToken(
  { id, role, notBefore }: Bearer,
  sessionId: Id,
  { kid, privateKey }: SigningKey,
  rules: TokenRules,
): string {
  // issued in the very second that called back all others, it is not one of them
  const iat = Math.max(Math.floor(Date.now() / 1000), (notBefore?.getTime() ?? 0) / 1000)
  return jwt.sign({ role, sid: sessionId, iat }, privateKey, {
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
