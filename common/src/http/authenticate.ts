import jwt from 'jsonwebtoken'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Id, OneOf } from '../schemas'
import { Jwks } from './jwks'
import { unauthenticated } from './problem'
import type { Origin } from './revocations'

export const Role = OneOf('customer', 'admin')
export type Role = Static<typeof Role>

/** Who is asking, as the verified access token says. */
export interface Caller {
  readonly userId: Id
  readonly role: Role
  /** The token itself, for the one call a service makes on the caller's behalf. */
  readonly token: string
  /** The login it comes from, which ends with a logout. */
  readonly sessionId?: Id | undefined
}

const Claims = Type.Object({
  sub: Id,
  role: Role,
  jti: Id,
  sid: Type.Optional(Id),
  iat: Type.Integer(),
  exp: Type.Integer(),
})
const claims = Compile(Claims)

export interface TokenRules {
  readonly jwksUrl: string
  readonly tokenIssuer: string
  readonly tokenAudience: string
}

export type Authenticate = (authorization: string | undefined) => Promise<Caller>

const MAX_TOKEN_CHARS = 4_096
// a signature check costs 0.1 ms, ten times a lookup
const MAX_REMEMBERED = 10_000
const CLOCK_SKEW_S = 60

interface Remembered {
  readonly kid: string
  readonly caller: Caller
  readonly origin: Origin
  readonly expiresAtMs: number
}

const nothingIsRevoked = () => false

/**
 * Access tokens of RFC 9068: ES256 only, `typ` at+jwt, checked issuer, audience and lifetime (RFC 8725). Only that is
 * remembered; whether it is revoked, or its key withdrawn, is asked for every time.
 */
export function tokenVerifier(
  { jwksUrl, tokenIssuer, tokenAudience }: TokenRules,
  isRevoked: (origin: Origin) => boolean = nothingIsRevoked,
): Authenticate {
  const jwks = new Jwks(jwksUrl)
  const remembered = new Map<string, Remembered>()

  async function verify(token: string): Promise<Remembered> {
    const { header } = jwt.decode(token, { complete: true }) ?? {}
    if (header?.typ !== 'at+jwt' || header.alg !== 'ES256' || !header.kid) throw unauthenticated()
    const key = await jwks.find(header.kid)
    if (!key) throw unauthenticated()
    const payload = checked(() =>
      jwt.verify(token, key, {
        algorithms: ['ES256'],
        issuer: tokenIssuer,
        audience: tokenAudience,
        clockTolerance: CLOCK_SKEW_S,
      }),
    )
    if (!claims.Check(payload) || payload.iat > Date.now() / 1000 + CLOCK_SKEW_S) throw unauthenticated()
    const { sub: userId, role, sid: sessionId, iat: issuedAtS, exp } = payload
    return {
      kid: header.kid,
      caller: { userId, role, token, sessionId },
      origin: { userId, sessionId, issuedAtS },
      expiresAtMs: (exp + CLOCK_SKEW_S) * 1000,
    }
  }

  async function verifyOnce(token: string): Promise<Remembered> {
    const known = remembered.get(token)
    if (known && known.expiresAtMs > Date.now() && (await jwks.find(known.kid))) return known
    const fresh = await verify(token)
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(token, fresh)
    return fresh
  }

  return async (authorization) => {
    const { caller, origin } = await verifyOnce(bearerOf(authorization))
    if (isRevoked(origin)) throw unauthenticated('The access token has been revoked.')
    return caller
  }
}

function bearerOf(authorization: string | undefined): string {
  const [scheme, token, ...rest] = authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0 || token.length > MAX_TOKEN_CHARS)
    throw unauthenticated()
  return token
}

function checked(verify: () => unknown): unknown {
  try {
    return verify()
  } catch {
    throw unauthenticated('The access token is not valid or has expired.')
  }
}
