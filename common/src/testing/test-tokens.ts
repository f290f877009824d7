import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import jwt from 'jsonwebtoken'
import type { Role } from '../http/authenticate'
import { newId } from '../ids'
import type { Id } from '../schemas'

export interface TestTokens {
  readonly jwksUrl: string
  /** An `Authorization` header for that user. */
  bearer(userId: Id, role?: Role, overrides?: jwt.SignOptions): string
  close(): Promise<void>
}

/** A token issuer for tests of one service: its own key pair behind a real JWKS address. */
export async function testTokens(): Promise<TestTokens> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'ES256', use: 'sig' }]
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    bearer: (userId, role = 'customer', overrides = {}) => {
      const header = { alg: 'ES256', typ: 'at+jwt' }
      const options = {
        algorithm: 'ES256',
        header,
        keyid: 'test',
        issuer: 'order-saga',
        audience: 'shop',
        expiresIn: 900,
      } as const
      return `Bearer ${jwt.sign({ role }, privateKey, { ...options, subject: userId, jwtid: newId(), ...overrides })}`
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
