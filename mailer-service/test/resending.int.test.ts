import {
  newId,
  orderCancelled,
  orderPaid,
  type Runtime,
  userDeleted,
  userPasswordResetRequested,
  userUpdated,
} from '@order-saga/common'
import {
  eventually,
  exampleEvent,
  onlyAsDescribed,
  type TestTokens,
  testConfig,
  testTokens,
} from '@order-saga/common/testing'
import { buildMailerService } from '../src'
import { resendMail } from '../src/use-cases/resend-mail'
import { type Mailer, startMailer } from './mailer'

let mailer: Mailer
let tokens: TestTokens
let service: Runtime
const actor = newId()
let admin: string

beforeAll(async () => {
  ;[mailer, tokens] = await Promise.all([startMailer(), testTokens()])
  service = onlyAsDescribed(
    await buildMailerService({
      ...testConfig(mailer.db.url, 'amqp://127.0.0.1:1'),
      jwksUrl: tokens.jwksUrl,
      smtpUrl: mailer.catcher.smtpUrl,
      mailFrom: 'orders@shop.example',
      sms: 'simulated',
      sweepMs: 60_000,
    }),
  )
  admin = tokens.bearer(actor, 'admin')
})
beforeEach(async () => {
  await mailer.hear(exampleEvent(userUpdated), exampleEvent(orderPaid))
})
afterEach(() => mailer.reset())
afterAll(async () => {
  await service.stop()
  await Promise.all([mailer.close(), tokens.close()])
})

const { orderId } = orderPaid.example
const resend = (authorization = admin, path = `${orderId}/receipt`, payload: object = { reason: 'it got lost' }) =>
  service.app.inject({
    method: 'POST',
    url: `/admin/mails/${path}/resend`,
    headers: authorization ? { authorization } : {},
    payload,
  })
const refusal = async (...asked: Parameters<typeof resend>) => {
  const answer = await resend(...asked)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  return [answer.statusCode, answer.json().type.replace('/problems/', '')]
}
const states = async () => (await mailer.mails()).map(({ state, reason }) => [state, reason])
const records = { name: 'records', text: 'SELECT subject_id, kind, actor, why FROM mail_resends' }

test('a mail goes out once more under an id of its own, without waiting for a sweep, and is on record', async () => {
  await mailer.send()
  const answer = await resend()
  expect([answer.statusCode, answer.json()]).toEqual([202, { state: 'due' }])
  const received = await eventually(async () => {
    const mails = await mailer.received()
    expect(mails).toHaveLength(2)
    return mails
  })
  expect(received.map(({ MessageID }) => MessageID).toSorted()).toEqual([
    `receipt.${orderId}.1@shop.example`,
    `receipt.${orderId}@shop.example`,
  ])
  expect(new Set(received.map(({ Subject }) => Subject)).size).toBe(1)
  expect(await mailer.database.query(records)).toEqual([
    { subject_id: orderId, kind: 'receipt', actor, why: 'it got lost' },
  ])
  await eventually(async () => expect(await states()).toEqual([['sent', null]]))
  const { mails } = (await service.app.inject({ url: '/admin/mails', headers: { authorization: admin } })).json()
  expect(mails).toMatchObject([{ kind: 'receipt', state: 'sent', resends: 1 }])
})

test('one that was refused for good goes to the address that is known today', async () => {
  await mailer.fault('550', 1)
  await mailer.send()
  expect(await states()).toEqual([['failed', 'EMESSAGE 550']])
  await mailer.hear(exampleEvent(userUpdated, { email: 'right@example.com', version: 9 }))
  expect((await resend()).statusCode).toBe(202)
  await eventually(async () => expect(await mailer.received('to:right@example.com')).toHaveLength(1))
  await eventually(async () => expect(await states()).toEqual([['sent', null]]))
})

describe('a dead letter of a mail that was refused for good', () => {
  const ask = (url: string, payload?: object) =>
    service.app.inject({
      method: payload ? 'POST' : 'GET',
      url,
      headers: { authorization: admin },
      ...(payload && { payload }),
    })
  const letters = async () => (await ask('/admin/dead-letters')).json().items

  beforeEach(async () => {
    await mailer.fault('550', 1)
    await mailer.send()
  })

  test('tells an administrator what it was, and is settled by a redrive, once', async () => {
    const [letter] = await letters()
    expect(letter).toMatchObject({ type: 'receipt', reason: 'mail_refused', eventId: null, attempts: 1 })
    const shown = (await ask(`/admin/dead-letters/${letter.id}`)).json()
    expect(shown.content).toEqual({ type: 'receipt', subject: orderId, source: 'mail' })
    const redrive = () => ask(`/admin/dead-letters/${letter.id}/redrive`, { reason: 'address corrected' })
    const redriven = await redrive()
    expect([redriven.statusCode, redriven.json()]).toEqual([200, { id: letter.id, outcome: 'parked', events: 0 }])
    await eventually(async () => expect(await mailer.received()).toHaveLength(1))
    expect(await letters()).toEqual([])
    expect(await mailer.database.query(records)).toMatchObject([{ actor, why: 'address corrected' }])
    const again = await redrive()
    expect([again.statusCode, again.json().type]).toEqual([409, '/problems/dead-letter-settled'])
  })

  test('is gone when the mail is sent once more, and there again when that is refused as well', async () => {
    await mailer.fault('550', 1)
    expect((await resend()).statusCode).toBe(202)
    await eventually(async () => expect(await letters()).toMatchObject([{ reason: 'mail_refused', attempts: 2 }]))
    expect((await resend()).statusCode).toBe(202)
    expect(await letters()).toEqual([])
    await eventually(async () => expect(await mailer.received()).toHaveLength(1))
  })

  test('stays when its recipient is forgotten meanwhile: a redrive is refused, giving it up is not', async () => {
    await mailer.hear(exampleEvent(userDeleted, { version: 9 }))
    const [{ id }] = await letters()
    const refused = await ask(`/admin/dead-letters/${id}/redrive`, { reason: 'x' })
    expect([refused.statusCode, refused.json().type]).toEqual([409, '/problems/recipient-forgotten'])
    expect(await letters()).toHaveLength(1)
    expect((await ask(`/admin/dead-letters/${id}/discard`, { reason: 'x' })).statusCode).toBe(200)
    expect(await letters()).toEqual([])
  })
})

test('an SMS is sent once more when that is asked for', async () => {
  await mailer.hear(exampleEvent(userUpdated, { smsNumber: '+4915112345678', version: 3 }))
  await mailer.hear(exampleEvent(orderCancelled))
  await mailer.send()
  const path = `${orderId}/cancellation`
  expect((await resend(admin, path, { reason: 'x', channel: 'sms' })).statusCode).toBe(202)
  await eventually(async () => expect(await mailer.received('to:sms.invalid')).toHaveLength(2))
  expect(await refusal(admin, `${orderId}/receipt`, { reason: 'x', channel: 'sms' })).toEqual([404, 'not-found'])
  expect(await refusal(admin, path, { reason: 'x', channel: 'pigeon' })).toEqual([400, 'validation'])
})

test('of many who ask at once one has it sent', async () => {
  await mailer.send()
  const ask = () =>
    mailer.database.transaction((tx) =>
      resendMail(tx, { subjectId: orderId, kind: 'receipt', channel: 'mail' }, { actor, why: 'it got lost' }, () => {}),
    )
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, ask))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(outcomes).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ slug: 'mail-is-due' }) })
  await mailer.send()
  expect(await mailer.received()).toHaveLength(2)
})

describe('is refused', () => {
  test('while the mail is still to be sent', async () => {
    expect(await refusal()).toEqual([409, 'mail-is-due'])
    await mailer.fault('451', 1)
    await mailer.send()
    expect(await refusal()).toEqual([409, 'mail-is-due'])
    expect(await mailer.database.query(records)).toEqual([])
  })

  test('for a code, which is not kept', async () => {
    await mailer.hear(exampleEvent(userPasswordResetRequested, { expiresAt: '2999-01-01T00:00:00Z' }))
    await mailer.send()
    const { resetId } = userPasswordResetRequested.example
    expect(await refusal(admin, `${resetId}/password_reset`)).toEqual([409, 'mail-not-kept'])
  })

  test('to somebody who is forgotten', async () => {
    await mailer.send()
    await mailer.hear(exampleEvent(userDeleted, { version: 9 }))
    expect(await refusal()).toEqual([409, 'recipient-forgotten'])
  })

  test.each<[string, number, string, () => Parameters<typeof resend>]>([
    ['to nobody in particular', 401, 'unauthenticated', () => ['']],
    ['to customers, of their own mails too', 403, 'forbidden', () => [tokens.bearer(orderPaid.example.customerId)]],
    ['for what was never mailed', 404, 'not-found', () => [admin, `${newId()}/receipt`]],
    ['for another kind of mail', 404, 'not-found', () => [admin, `${orderId}/refund`]],
    ['for a kind that there is not', 400, 'validation', () => [admin, `${orderId}/newsletter`]],
    ['for an id that is none', 400, 'validation', () => [admin, 'one/receipt']],
    ['without a reason', 400, 'validation', () => [admin, undefined, {}]],
    ['with an empty reason', 400, 'validation', () => [admin, undefined, { reason: '' }]],
    ['to another address', 400, 'validation', () => [admin, undefined, { reason: 'x', to: 'eve@example.com' }]],
  ])('%s', async (_what, status, slug, asked) => {
    await mailer.send()
    expect(await refusal(...asked())).toEqual([status, slug])
    expect(await states()).toEqual([['sent', null]])
  })
})
