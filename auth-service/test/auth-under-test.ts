import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type DataOf, type Envelope, type Runtime, statement, type userRegistered } from '@order-saga/common'
import { onlyAsDescribed, testConfig, testDatabase } from '@order-saga/common/testing'
import { type AuthConfig, buildAuthService, participant } from '../src'

export const administrator = { email: 'admin@shop.example', password: 'development-only-admin' }

const outbox = statement<{ envelope: Envelope<DataOf<typeof userRegistered>> }>(
  'outbox',
  'SELECT envelope FROM outbox WHERE type = $1 ORDER BY id',
)

/** auth-service on a database of its own; its requests are injected, its keys are behind a real JWKS address. */
export async function authUnderTest() {
  const database = await testDatabase(participant)
  const keys = createServer(async (_request, response) => {
    const { body } = await runtime.app.inject('/.well-known/jwks.json')
    response.end(body)
  })
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
  const config: AuthConfig = {
    ...testConfig(database.url, 'amqp://127.0.0.1:1'),
    jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}`,
    tokenTtlS: 900,
    sessionDays: 30,
    // the cheapest there is: what is tested does not depend on it
    bcryptCost: 4,
    // all tests ask from one address, and some ask often
    loginFailuresPerAccount: 1_000_000,
    loginWindowS: 900,
    loginFailuresPerAddress: 1_000_000,
    registrationsPerAddress: 1_000_000,
    resetsPerAddress: 1_000_000,
    passwordPepper: 'pepper',
    keyPassphrase: 'passphrase',
    adminEmail: administrator.email,
    adminPassword: administrator.password,
  }
  const instances: Runtime[] = []
  const another = async (overrides: Partial<AuthConfig> = {}) => {
    const instance = onlyAsDescribed(await buildAuthService({ ...config, ...overrides }))
    instances.push(instance)
    return instance
  }
  const runtime = await another()
  const post = (url: string, payload: object = {}, authorization = '', on = runtime) =>
    on.app.inject({ method: 'POST', url, payload, headers: authorization ? { authorization } : {} })

  return {
    runtime,
    config,
    post,
    another,
    get: (url: string, authorization: string) => runtime.app.inject({ url, headers: { authorization } }),
    /** An `Authorization` header. */
    logIn: async (credentials: { email: string; password: string }) =>
      `Bearer ${(await post('/login', credentials)).json().accessToken}`,
    told: async (type: string) => (await runtime.database.query(outbox, [type])).map(({ envelope }) => envelope),
    close: async () => {
      for (const instance of instances) await instance.stop()
      await new Promise((resolve) => keys.close(resolve))
      await database.drop()
    },
  }
}
