import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ConfigError, newId, statement, tokenVerifier } from '@order-saga/common'
import jwt from 'jsonwebtoken'
import { administrator, authUnderTest } from './auth-under-test'

let auth: Awaited<ReturnType<typeof authUnderTest>>
let address: string
let token: string
beforeAll(async () => {
  auth = await authUnderTest()
  const running = await auth.another()
  address = await running.start()
  token = (await auth.logIn(administrator)).replace('Bearer ', '')
})
afterAll(() => auth.close())

const jwksUrl = () => `${address}/.well-known/jwks.json`
const rules = () => ({ jwksUrl: jwksUrl(), tokenIssuer: 'order-saga', tokenAudience: 'shop' })
const published = async () => (await (await fetch(jwksUrl())).json()) as { keys: Record<string, string>[] }

test('other services accept a token with the published keys of the running service', async () => {
  const caller = await tokenVerifier(rules())(`Bearer ${token}`)
  expect(caller).toEqual({ userId: expect.any(String), role: 'admin', token, sessionId: expect.any(String) })
})

test('a token says who, for whom, until when, and nothing personal', () => {
  const { header, payload } = jwt.decode(token, { complete: true }) ?? {}
  expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
  const { iat = 0, exp = 0, ...claims } = payload as jwt.JwtPayload
  expect(exp - iat).toBe(900)
  const [sub, jti, sid] = [expect.any(String), expect.any(String), expect.any(String)]
  expect(claims).toEqual({ iss: 'order-saga', aud: 'shop', sub, jti, sid, role: 'admin' })
})

test('only public halves are published', async () => {
  const { keys } = await published()
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('the private half is stored encrypted, and opens with the passphrase alone', async () => {
  const find = statement<{ pem: string }>('pem', 'SELECT private_key_pem AS pem FROM signing_keys')
  const [{ pem } = { pem: '' }] = await auth.runtime.database.query(find)
  expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/)
  expect(createPrivateKey({ key: pem, passphrase: 'passphrase' }).asymmetricKeyType).toBe('ec')
  const misconfigured = await auth.another({ keyPassphrase: 'another' })
  await expect(misconfigured.app.ready()).rejects.toBeInstanceOf(ConfigError)
})

describe('a service does not start with a signing key', () => {
  const find = statement<{ pem: string; jwk: object }>(
    'pair',
    'SELECT private_key_pem AS pem, public_jwk AS jwk FROM signing_keys',
  )
  const replace = statement('replace', 'UPDATE signing_keys SET private_key_pem = $1, public_jwk = $2')
  const expectRefused = async (change: { pem?: string; jwk?: object }) => {
    const [stored = { pem: '', jwk: {} }] = await auth.runtime.database.query(find)
    const { pem, jwk } = { ...stored, ...change }
    await auth.runtime.database.execute(replace, [pem, jwk])
    const { app } = await auth.another()
    const refusal = await app.ready().then(
      () => undefined,
      (error: unknown) => error,
    )
    await auth.runtime.database.execute(replace, [stored.pem, stored.jwk])
    expect(refusal).toBeInstanceOf(ConfigError)
    expect(String(refusal)).toMatch(/SHOP_DATABASE_URL holds signing key .*no pair on P-256/)
  }

  test('whose halves are no pair', async () => {
    const [{ y, ...jwk } = {}] = (await published()).keys
    await expectRefused({ jwk: { ...jwk, x: y, y } })
  })

  test('on another curve', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const encryption = { cipher: 'aes-256-cbc', passphrase: 'passphrase' }
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString()
    await expectRefused({ pem, jwk: publicKey.export({ format: 'jwk' }) })
  })
})

describe('a forged token is refused', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const claims = { role: 'admin', sub: newId(), jti: newId(), iss: 'order-saga', aud: 'shop' }
  const realKey = async () => {
    const find = statement<{ pem: string }>('pem', 'SELECT private_key_pem AS pem FROM signing_keys')
    const [{ pem } = { pem: '' }] = await auth.runtime.database.query(find)
    return createPrivateKey({ key: pem, passphrase: 'passphrase' })
  }
  const kid = async () => (await published()).keys[0]?.kid ?? ''
  const sign = async (payload: object, key: KeyObject, options: jwt.SignOptions = {}, header = {}) =>
    jwt.sign(payload, key, {
      algorithm: 'ES256',
      expiresIn: 900,
      ...options,
      header: { alg: 'ES256', typ: 'at+jwt', kid: await kid(), ...header },
    })
  const parts = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

  const forgeries: [string, () => Promise<string>][] = [
    [
      'without a signature (alg none)',
      async () => {
        const header = { alg: 'none', typ: 'at+jwt', kid: await kid() }
        return `${parts(header)}.${parts({ ...claims, iat: 1, exp: inAnHour() })}.`
      },
    ],
    [
      'signed HS256 with the public key as secret',
      async () => {
        const jwk = (await published()).keys[0]
        const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
        const header = { alg: 'HS256', typ: 'at+jwt', kid: await kid() }
        const { createHmac } = await import('node:crypto')
        const input = `${parts(header)}.${parts({ ...claims, iat: 1, exp: inAnHour() })}`
        return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
      },
    ],
    ["signed by a stranger under our key's id", () => sign(claims, stranger)],
    [
      "that brings the stranger's key along",
      () => {
        const jwk = createPublicKey(stranger).export({ format: 'jwk' })
        return sign(claims, stranger, {}, { jwk, jku: 'https://evil.example/jwks.json' })
      },
    ],
    ['with an unknown key id', async () => sign(claims, await realKey(), {}, { kid: newId() })],
    ['without a key id', async () => sign(claims, await realKey(), {}, { kid: undefined })],
    ['of another type', async () => sign(claims, await realKey(), {}, { typ: 'JWT' })],
    ['for another audience', async () => sign({ ...claims, aud: 'elsewhere' }, await realKey())],
    ['of another issuer', async () => sign({ ...claims, iss: 'elsewhere' }, await realKey())],
    ['that has expired', async () => sign(claims, await realKey(), { expiresIn: -61 })],
    ['that is not valid yet', async () => sign(claims, await realKey(), { notBefore: 120 })],
    ['from the future', async () => sign({ ...claims, iat: inAnHour() }, await realKey())],
    ['without a token id', async () => sign({ ...claims, jti: undefined }, await realKey())],
    ['without a subject', async () => sign({ ...claims, sub: undefined }, await realKey())],
    ['for a role that does not exist', async () => sign({ ...claims, role: 'root' }, await realKey())],
    [
      'with one claim changed',
      async () => {
        const [header, , signature] = token.split('.')
        return [header, parts({ ...claims, iat: 1, exp: inAnHour() }), signature].join('.')
      },
    ],
    ['of nine kilobytes', async () => sign({ ...claims, filler: 'x'.repeat(9000) }, await realKey())],
  ]

  test.each(forgeries)('%s', async (_, forge) => {
    const answer = await auth.get('/me', `Bearer ${await forge()}`)
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
  })

  test('while the same claims from our key are accepted', async () => {
    const { sub = '' } = jwt.decode(token) as jwt.JwtPayload
    const genuine = await sign({ ...claims, sub }, await realKey())
    expect((await auth.get('/me', `Bearer ${genuine}`)).statusCode).toBe(200)
  })

  test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b'])('authorization "%s"', async (authorization) => {
    expect((await auth.get('/me', authorization)).statusCode).toBe(401)
  })
})
