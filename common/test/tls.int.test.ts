import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, servers, type TlsBegins, TlsProxy } from '@order-saga/common/testing'
import { exitOf, type Launched, launchService } from './support/launch-service'
import { Shop } from './support/shop'

jest.setTimeout(60_000)

let shop: Shop
let proxy: TlsProxy
let service: Launched
const directory = mkdtempSync(join(tmpdir(), 'tls-'))
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(async () => {
  service.child.kill('SIGKILL')
  await exitOf(service.child)
  await proxy.close()
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  await shop.close()
})

interface Row {
  readonly setting: string
  readonly url: () => string
  readonly over: string
  readonly begins?: TlsBegins
  readonly query?: string
  /** What the service says once it is connected, and once it has refused to be. */
  readonly says: { readonly good: string; readonly bad: string }
}

const READY = '{"status":"ready"}'
const rows: [string, Row][] = [
  [
    'the broker',
    {
      setting: 'SHOP_AMQP_URL',
      url: () => shop.broker.urlOf('order-service'),
      over: 'amqps:',
      says: { good: READY, bad: '"reason":"self-signed certificate","msg":"no broker session"' },
    },
  ],
  [
    'the database',
    {
      setting: 'SHOP_DATABASE_URL',
      url: () => shop.urlOf('order-service'),
      over: 'postgres:',
      begins: 'asked',
      query: '?sslmode=verify-full',
      says: { good: READY, bad: '"reason":"self-signed certificate","msg":"outbox sweep failed"' },
    },
  ],
  [
    'Redis',
    {
      setting: 'SHOP_REDIS_URL',
      url: () => servers.redisUrl,
      over: 'rediss:',
      says: { good: '"redis is there"', bad: '"reason":"self-signed certificate","msg":"redis is away"' },
    },
  ],
]

async function launch({ setting, url, over, begins, query = '' }: Row, isKnown: boolean): Promise<void> {
  const { hostname, port } = new URL(url())
  proxy = await TlsProxy.to(hostname, Number(port), begins)
  const authority = join(directory, 'authority.pem')
  writeFileSync(authority, proxy.cert)
  service = launchService({
    SHOP_DATABASE_URL: shop.urlOf('order-service'),
    SHOP_AMQP_URL: shop.broker.urlOf('order-service'),
    [setting]: proxy.through(url(), over) + query,
    ...(isKnown && { NODE_EXTRA_CA_CERTS: authority }),
  })
}

/** Its log and its readiness. */
async function said(): Promise<string> {
  const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(service.output()) ?? []
  const readiness = address ? await (await fetch(`${address}/readyz`)).text() : ''
  return service.output() + readiness
}

describe.each(rows)('%s over TLS', (_what, row) => {
  it('is used when its authority is known', async () => {
    await launch(row, true)
    await eventually(async () => expect(await said()).toContain(row.says.good))
    expect(proxy.bytesForwarded).toBeGreaterThan(0)
  })

  it('hears nothing from us when its authority is unknown', async () => {
    await launch(row, false)
    await eventually(async () => expect(await said()).toContain(row.says.bad))
    expect(proxy.bytesForwarded).toBe(0)
  })
})
