import { type Id, newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { PAID } from '../support/story'
import { TestShop } from '../support/test-shop'
import { ends } from '../support/use-shop'

let shop: TestShop
let token: string
beforeAll(async () => {
  shop = await TestShop.open({ hasAccounts: true, hasAuditor: true })
  token = await shop.authority.admin()
}, 120_000)
afterAll(() => shop?.close(), 60_000)

interface Audit {
  readonly id: Id
  readonly by: Id
  readonly verdict: string | null
  readonly why: string | null
  readonly violations: { readonly invariant: string; readonly text: string }[]
  readonly checked: number
}

const ask = <T>(path: string, as = token, method: 'GET' | 'POST' = 'GET') =>
  shop.ask<T>('logger-service', path, { token: as, method })
const begin = () => ask<{ id: Id }>('/audits', token, 'POST')
const latest = async () => (await ask<{ audits: Audit[] }>('/audits')).body.audits[0]

/** Resolves when the latest audit has ended. */
const verdict = () =>
  eventually(async () => {
    const audit = await latest()
    if (!audit?.verdict) throw new Error('it runs')
    return audit
  })

test('an audit is asked for here, made by the auditor, and kept with who wanted it', async () => {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  await ends(shop, await shop.place(ada, [{ productId, quantity: 1 }]), PAID)
  const clean = await eventually(async () => {
    const { status, body } = await begin()
    expect(status).toBe(202)
    const audit = await verdict()
    expect(audit).toMatchObject({ id: body.id, verdict: 'clean', violations: [], why: null })
    return audit
  }, 60_000)
  const { body: me } = await shop.ask<{ id: Id }>('auth-service', '/me', { token })
  expect(clean.by).toBe(me.id)
  expect(clean.checked).toBeGreaterThan(15)
  const { body } = await ask<{ invariants: { id: string; says: string }[] }>(`/audits/${clean.id}`)
  expect(body.invariants.map(({ id }) => id)).toEqual(expect.arrayContaining(['M1', 'S1', 'T1']))
})

test('what is broken is named', async () => {
  await shop.premises.query('product-service', 'UPDATE products SET sold = sold + 1')
  await begin()
  const { verdict: found, violations } = await verdict()
  expect(found).toBe('violated')
  expect(violations).toContainEqual({ invariant: 'S1', text: expect.any(String) })
  await shop.premises.query('product-service', 'UPDATE products SET sold = sold - 1')
})

test('the auditor listens to administrators alone, also when it is asked directly', async () => {
  const { token: adas } = await shop.customer()
  expect((await ask('/audits', adas, 'POST')).status).toBe(403)
  const directly = async (authorization?: string) => {
    const headers = authorization ? { authorization } : undefined
    return (await fetch(`${shop.auditor?.url}/audits`, { method: 'POST', ...(headers && { headers }) })).status
  }
  expect(await directly()).toBe(401)
  expect(await directly('Bearer e30.e30.e30')).toBe(401)
  expect(await directly(`Bearer ${adas}`)).toBe(403)
  const found = await fetch(`${shop.auditor?.url}/audits/${newId()}`)
  expect(found.status).toBe(401)
})

test('one audit at a time: the second is told', async () => {
  const answers = await Promise.all([begin(), begin(), begin()])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409])
  await verdict()
})

test('without the auditor that is said', async () => {
  await shop.auditor?.stop()
  const away = await ask<{ type: string }>('/audits', token, 'POST')
  expect([away.status, away.body.type]).toEqual([503, '/problems/service-unreachable'])
  expect((await ask('/audits')).status).toBe(200)
  await shop.auditor?.start(shop)
})

test('an audit that nobody remembers the end of has failed', async () => {
  const id = newId()
  const begun = 'INSERT INTO audits (id, started_by, started_at) VALUES ($1, $2, now())'
  await shop.premises.query('logger-service', begun, [id, newId()])
  expect(await latest()).toMatchObject({ id, verdict: null })
  expect(await verdict()).toMatchObject({ id, verdict: 'failed', why: expect.stringContaining('started anew') })
})
