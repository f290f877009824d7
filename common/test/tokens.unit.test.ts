import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import jwt from 'jsonwebtoken'
import { type Authenticate, tokenVerifier } from '../src/http/authenticate'

const pair = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve })
const ours = pair()
const theirs = pair()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = (kid: string, key: KeyObject) => ({ ...key.export({ format: 'jwk' }), kid })

let issuer: Server
let keys: object[]
let fetches: number
let authenticate: Authenticate
const rules = () => ({
  jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`,
  tokenIssuer: 'order-saga',
  tokenAudience: 'shop',
})
beforeEach(async () => {
  keys = [jwk('one', ours.publicKey)]
  fetches = 0
  issuer = createServer((_request, response) => {
    fetches++
    response.end(JSON.stringify({ keys }))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  authenticate = tokenVerifier(rules())
})
afterEach(() => {
  jest.useRealTimers()
  issuer.closeAllConnections()
  return new Promise((resolve) => issuer.close(resolve))
})

const seconds = () => Math.floor(Date.now() / 1000)
const userId = newId()
const claims = () => ({
  sub: userId,
  role: 'customer',
  jti: newId(),
  iss: 'order-saga',
  aud: 'shop',
  iat: seconds(),
  exp: seconds() + 900,
})
interface Wrong {
  payload?: object
  header?: object
  key?: KeyObject
  algorithm?: jwt.Algorithm
}
const token = ({ payload, header, key = ours.privateKey, algorithm = 'ES256' }: Wrong = {}) => {
  const content = JSON.parse(JSON.stringify({ ...claims(), ...payload }))
  const noTimestamp = !('iat' in content)
  return jwt.sign(content, key, {
    algorithm,
    header: { alg: algorithm, typ: 'at+jwt', kid: 'one', ...header },
    noTimestamp,
  })
}
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const without = (claim: string) => ({ payload: { [claim]: undefined } })

/** What jsonwebtoken would not sign itself. */
function crafted(header: object, signature: (input: string) => string): string {
  const input = `${encode({ typ: 'at+jwt', kid: 'one', ...header })}.${encode(claims())}`
  return `${input}.${signature(input)}`
}
const publicPem = ours.publicKey.export({ type: 'spki', format: 'pem' })
const hmac = (hash: string) => (input: string) => createHmac(hash, publicPem).update(input).digest('base64url')
const hs256 = hmac('sha256')

it('a good token names its caller', async () => {
  const good = token()
  expect(await authenticate(`Bearer ${good}`)).toEqual({ userId, role: 'customer', token: good })
  expect(await authenticate(`bearer ${token({ payload: { role: 'admin' } })}`)).toMatchObject({ role: 'admin' })
})

it.each<[string, () => string]>([
  ['alg none', () => crafted({ alg: 'none' }, () => '')],
  ['alg None with a signature', () => crafted({ alg: 'None' }, hs256)],
  ['HS256 signed with the public key', () => crafted({ alg: 'HS256' }, hs256)],
  ['HS384 signed with the public key', () => crafted({ alg: 'HS384' }, hmac('sha384'))],
  ['HS512 signed with the public key', () => crafted({ alg: 'HS512' }, hmac('sha512'))],
  ['ES256 in name, HS256 in truth', () => crafted({ alg: 'ES256' }, hs256)],
  ['RS256 with a key of its own', () => token({ key: rsa.privateKey, algorithm: 'RS256' })],
  ['ES384 with a key of its own', () => token({ key: pair('P-384').privateKey, algorithm: 'ES384' })],
  ["another's key under our key id", () => token({ key: theirs.privateKey })],
  ['a key in its own header', () => token({ key: theirs.privateKey, header: { jwk: jwk('one', theirs.publicKey) } })],
  [
    'a key address in its own header',
    () => token({ key: theirs.privateKey, header: { jku: 'http://127.0.0.1/evil' } }),
  ],
  ['no key id', () => token({ header: { kid: undefined } })],
  ['an unknown key id', () => token({ header: { kid: 'two' } })],
  ['a refresh token’s type', () => token({ header: { typ: 'rt+jwt' } })],
  ['a plain JWT’s type', () => token({ header: { typ: 'JWT' } })],
  ['no exp', () => token(without('exp'))],
  ['no sub', () => token(without('sub'))],
  ['no jti', () => token(without('jti'))],
  ['no iat', () => token(without('iat'))],
  ['no aud', () => token(without('aud'))],
  ['no iss', () => token(without('iss'))],
  ['no role', () => token(without('role'))],
  ['a role nobody has', () => token({ payload: { role: 'root' } })],
  ['a sub that is no id', () => token({ payload: { sub: 'ada' } })],
  ["another shop's audience", () => token({ payload: { aud: 'other' } })],
  ["another's issuer", () => token({ payload: { iss: 'evil' } })],
  ['exp in the past', () => token({ payload: { exp: seconds() - 61 } })],
  ['nbf in the future', () => token({ payload: { nbf: seconds() + 120 } })],
  ['iat in the future', () => token({ payload: { iat: seconds() + 120 } })],
  ['a changed payload', () => token().replace(/\.[^.]+\./, `.${encode({ ...claims(), role: 'admin' })}.`)],
  ['a cut signature', () => token().slice(0, -4)],
  ['9 KiB', () => token({ payload: { more: 'x'.repeat(9 * 1024) } })],
  ['nothing', () => ''],
  ['not even JSON', () => 'a.b.c'],
])('a token with %s is refused', async (_what, make) => {
  await expect(authenticate(`Bearer ${make()}`)).rejects.toMatchObject({ status: 401, slug: 'unauthenticated' })
})

it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', () => token(), () => `Bearer ${token()} x`])(
  'the header %p is refused',
  async (header) => {
    const value = typeof header === 'function' ? header() : header
    await expect(authenticate(value)).rejects.toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } })
  },
)

it('a token that is revoked is refused, though its signature is remembered', async () => {
  const sessionId = newId()
  const good = token({ payload: { sid: sessionId } })
  let isRevoked = false
  const strict = tokenVerifier(rules(), (origin) => isRevoked && origin.sessionId === sessionId)
  expect(await strict(`Bearer ${good}`)).toMatchObject({ sessionId })
  isRevoked = true
  await expect(strict(`Bearer ${good}`)).rejects.toMatchObject({ status: 401, slug: 'unauthenticated' })
  await strict(`Bearer ${token({ payload: { sid: newId() } })}`)
})

it('small differences between clocks are forgiven', async () => {
  await authenticate(`Bearer ${token({ payload: { iat: seconds() + 30, exp: seconds() + 900 } })}`)
  await authenticate(`Bearer ${token({ payload: { iat: seconds() - 930, exp: seconds() - 30 } })}`)
})

it('a token that was good is refused once it has expired, though its signature is remembered', async () => {
  const good = token({ payload: { exp: seconds() + 5 } })
  await authenticate(`Bearer ${good}`)
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout'], now: Date.now() + 70_000 })
  await expect(authenticate(`Bearer ${good}`)).rejects.toMatchObject({ status: 401 })
})

describe('the keys', () => {
  it('are fetched once, however many ask at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => authenticate(`Bearer ${token()}`)))
    expect(fetches).toBe(1)
  })

  it('are fetched again for an unknown key id, at most once a minute', async () => {
    let nowMs = performance.now()
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs)
    await authenticate(`Bearer ${token()}`)
    keys = [jwk('one', ours.publicKey), jwk('two', theirs.publicKey)]
    const rotated = () => `Bearer ${token({ key: theirs.privateKey, header: { kid: 'two' } })}`
    for (const pastMs of [0, 1, 30_000, 29_998]) {
      nowMs += pastMs
      await expect(authenticate(rotated())).rejects.toMatchObject({ status: 401 })
    }
    expect(fetches).toBe(1)
    nowMs += 2
    expect(await authenticate(rotated())).toMatchObject({ userId })
    expect(fetches).toBe(2)
    clock.mockRestore()
  })

  it('are fetched again every five minutes: a token of one that is gone is refused, though its signature is remembered', async () => {
    let nowMs = performance.now()
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const [good, next] = [token(), token({ key: theirs.privateKey, header: { kid: 'two' } })]
    keys = [jwk('one', ours.publicKey), jwk('two', theirs.publicKey)]
    for (const each of [good, next]) await authenticate(`Bearer ${each}`)
    keys = [jwk('two', theirs.publicKey)]
    nowMs += 299_000
    await authenticate(`Bearer ${good}`)
    expect(fetches).toBe(1)
    nowMs += 1_001
    await expect(authenticate(`Bearer ${good}`)).rejects.toMatchObject({ status: 401 })
    await authenticate(`Bearer ${next}`)
    expect(fetches).toBe(2)
    clock.mockRestore()
  })

  it('that are old stay good while their issuer is silent, and hold up one request only', async () => {
    let nowMs = performance.now()
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const good = `Bearer ${token()}`
    await authenticate(good)
    issuer.removeAllListeners('request')
    issuer.on('request', () => {
      fetches++
    })
    nowMs += 300_001
    await authenticate(good)
    expect(fetches).toBe(2)
    const begunAt = Date.now()
    nowMs += 60_001
    await authenticate(good)
    // a fetch gives up after two seconds
    expect(Date.now() - begunAt).toBeLessThan(1_500)
    await eventually(() => expect(fetches).toBe(3))
    clock.mockRestore()
  })

  it('stay known while their issuer is away; without any the answer is 503, not 401', async () => {
    await authenticate(`Bearer ${token()}`)
    const address = rules()
    issuer.closeAllConnections()
    await new Promise((resolve) => issuer.close(resolve))
    await authenticate(`Bearer ${token()}`)
    const fresh = tokenVerifier(address)
    const unavailable = { status: 503, slug: 'auth-unavailable', headers: { 'Retry-After': '1' } }
    for (let n = 0; n < 3; n++) await expect(fresh(`Bearer ${token()}`)).rejects.toMatchObject(unavailable)
    issuer = createServer()
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  })

  it('of a broken answer are none, and those known stay', async () => {
    let nowMs = performance.now()
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs)
    await authenticate(`Bearer ${token()}`)
    nowMs += 60_001
    keys = [{ kid: 'one', kty: 'broken' }]
    await expect(authenticate(`Bearer ${token({ header: { kid: 'two' } })}`)).rejects.toMatchObject({ status: 401 })
    expect(fetches).toBe(2)
    await authenticate(`Bearer ${token()}`)
    clock.mockRestore()
  })
})
