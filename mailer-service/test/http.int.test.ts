import { ConfigError, newId, orderPaid, type Runtime, userRegistered } from '@order-saga/common'
import { exampleEvent, onlyAsDescribed, type TestTokens, testConfig, testTokens } from '@order-saga/common/testing'
import { buildMailerService } from '../src'
import { readMailerConfig } from '../src/config'
import { type Mailer, startMailer } from './mailer'

let mailer: Mailer
let tokens: TestTokens
let service: Runtime
const [ada, bob] = [newId(), newId()]
const paidBy = (customerId: string) => exampleEvent(orderPaid, { orderId: newId(), customerId })

beforeAll(async () => {
  ;[mailer, tokens] = await Promise.all([startMailer(), testTokens()])
  service = onlyAsDescribed(
    await buildMailerService({
      ...testConfig(mailer.db.url, 'amqp://127.0.0.1:1'),
      jwksUrl: tokens.jwksUrl,
      smtpUrl: mailer.catcher.smtpUrl,
      mailFrom: 'orders@shop.example',
      sms: 'simulated',
      sweepMs: 1_000,
    }),
  )
  await mailer.hear(exampleEvent(userRegistered, { userId: ada }))
  await mailer.send()
  await mailer.hear(paidBy(ada), paidBy(bob))
})
afterAll(async () => {
  await service.stop()
  await Promise.all([mailer.close(), tokens.close()])
})

const get = (url: string, authorization?: string) =>
  service.app.inject({ url, headers: authorization ? { authorization } : {} })

test('customers see their own mails, newest first', async () => {
  const answer = await get('/mails', tokens.bearer(ada))
  expect(answer.statusCode).toBe(200)
  expect(answer.json().mails).toEqual([
    {
      kind: 'receipt',
      subjectId: expect.any(String),
      channel: 'mail',
      state: 'due',
      createdAt: expect.any(String),
      sentAt: null,
    },
    {
      kind: 'welcome',
      subjectId: ada,
      channel: 'mail',
      state: 'sent',
      createdAt: expect.any(String),
      sentAt: expect.any(String),
    },
  ])
})

test('a page ends at its limit and goes on before the last one', async () => {
  const [first] = (await get('/mails?limit=1', tokens.bearer(ada))).json().mails
  const next = (await get(`/mails?before=${first.createdAt}`, tokens.bearer(ada))).json().mails
  expect([first.kind, next[0].kind]).toEqual(['receipt', 'welcome'])
})

test('an administrator sees everybody’s, by state', async () => {
  const admin = tokens.bearer(newId(), 'admin')
  expect((await get('/admin/mails', admin)).json().mails).toHaveLength(3)
  const { mails } = (await get('/admin/mails?state=due', admin)).json()
  expect(mails.map(({ userId }: { userId: string }) => userId).sort()).toEqual([ada, bob].sort())
  expect(mails[0]).toMatchObject({
    channel: 'mail',
    attempts: 0,
    resends: 0,
    reason: null,
    nextAttemptAt: expect.any(String),
  })
  expect(JSON.stringify(mails)).not.toContain('@example.com')
})

test('page by page everything is shown once, also what was written in one moment', async () => {
  const cid = newId()
  const smsNumber = '+4915112345678'
  await mailer.hear(exampleEvent(userRegistered, { userId: cid, smsNumber }), paidBy(cid), paidBy(cid))
  const shown = new Set<string>()
  let after = ''
  do {
    const { mails, next } = (await get(`/mails?limit=2${after}`, tokens.bearer(cid))).json()
    for (const { subjectId, kind, channel } of mails) shown.add(`${subjectId} ${kind} ${channel}`)
    after = next && `&after=${next}`
  } while (after)
  expect([...shown].map((name) => name.split(' ').slice(1).join(' ')).toSorted()).toEqual([
    'receipt mail',
    'receipt mail',
    'receipt sms',
    'receipt sms',
    'welcome mail',
  ])
})

test('a page after somebody else’s mail tells nothing of them', async () => {
  const [theirs] = (await get('/mails', tokens.bearer(ada))).json().mails
  const after = `${theirs.subjectId}.${theirs.kind}.${theirs.channel}`
  const { mails } = (await get(`/mails?after=${after}`, tokens.bearer(newId()))).json()
  expect(mails).toEqual([])
})

test.each([
  ['/mails', undefined, 401],
  ['/admin/mails', undefined, 401],
  ['/admin/mails', 'customer', 403],
  ['/mails?limit=0', 'customer', 400],
  ['/mails?limit=101', 'customer', 400],
  ['/mails?before=yesterday', 'customer', 400],
  ['/mails?userId=somebody', 'customer', 400],
  ['/mails?after=one', 'customer', 400],
  [`/mails?after=${newId()}.newsletter.mail`, 'customer', 400],
  [`/mails?after=${newId()}.receipt.pigeon`, 'customer', 400],
  ['/admin/mails?state=lost', 'admin', 400],
] as const)('%s as %s is refused with %i', async (url, role, status) => {
  expect((await get(url, role && tokens.bearer(newId(), role))).statusCode).toBe(status)
})

test('a sender address that is not bare is refused at start', () => {
  const env = { SHOP_DATABASE_URL: 'postgres://x/y', SHOP_AMQP_URL: 'amqp://x', SHOP_MAIL_FROM: 'Shop <a@b.example>' }
  expect(() => readMailerConfig(env)).toThrow(ConfigError)
})
