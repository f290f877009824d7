import { ConfigError, type Env, newId, orderCancelled, orderPaid, userDeleted, userUpdated } from '@order-saga/common'
import { exampleEvent } from '@order-saga/common/testing'
import { hasSms, readMailerConfig } from '../src/config'
import { endHopelessMails } from '../src/db/due-mails'
import { type Mailer, startMailer } from './mailer'

let mailer: Mailer
beforeAll(async () => {
  mailer = await startMailer()
})
afterEach(() => mailer.reset())
afterAll(() => mailer.close())

const { orderId } = orderPaid.example
const smsNumber = '+4915112345678'
const wants = (version = 2) => exampleEvent(userUpdated, { name: 'Ada <script>', smsNumber, version })
const wantsNone = (version: number) => exampleEvent(userUpdated, { version })
const states = async () =>
  (await mailer.mails()).map(({ channel, state, attempts, reason }) => [channel, state, attempts, reason])

test('an SMS goes to the number beside the mail, short and without what others wrote', async () => {
  await mailer.hear(wants(), exampleEvent(orderPaid))
  await mailer.send()
  expect(await states()).toEqual([
    ['mail', 'sent', 1, null],
    ['sms', 'sent', 1, null],
  ])
  const [sms, ...others] = await mailer.received('to:sms.invalid')
  if (!sms) throw new Error('no SMS came')
  expect(others).toEqual([])
  expect(sms).toMatchObject({
    MessageID: `receipt.${orderId}.sms@shop.example`,
    To: [{ Name: '', Address: `${smsNumber}@sms.invalid` }],
    Bcc: [],
  })
  expect(await mailer.contentOf(sms)).toMatchObject({
    Text: `We received €69.80 for your order ${orderId}.\n`,
    HTML: '',
  })
  expect(await mailer.received('to:ada@example.com')).toHaveLength(1)
})

test('neither waits for the other: each has its own attempts and its own end', async () => {
  await mailer.hear(wants(), exampleEvent(orderPaid))
  const { deliver } = mailer
  const isSms = ({ to }: Parameters<typeof deliver>[0]) => JSON.stringify(to).includes('sms.invalid')
  await mailer.send({
    deliver: (mail) =>
      isSms(mail) ? Promise.reject(Object.assign(new Error('away'), { code: 'ESOCKET' })) : deliver(mail),
  })
  expect(await states()).toEqual([
    ['mail', 'sent', 1, null],
    ['sms', 'due', 1, 'ESOCKET'],
  ])
  await mailer.endWaits()
  await mailer.send()
  expect((await states()).map(([, state, attempts]) => [state, attempts])).toEqual([
    ['sent', 1],
    ['sent', 2],
  ])
  expect(await mailer.received()).toHaveLength(2)
})

test('it goes to the number that is known when it is sent', async () => {
  await mailer.hear(wants(), exampleEvent(orderPaid))
  await mailer.hear(exampleEvent(userUpdated, { smsNumber: '+4915187654321', version: 3 }))
  await mailer.send()
  expect(await mailer.received('to:+4915187654321@sms.invalid')).toHaveLength(1)
  expect(await mailer.received(`to:${smsNumber}`)).toHaveLength(0)
})

test.each([
  ['wants none any more', () => wantsNone(3), 'unwanted', 'due'],
  ['is gone', () => exampleEvent(userDeleted, { version: 3 }), 'forgotten', 'failed'],
] as const)('none is sent to who %s meanwhile', async (_who, meanwhile, reason, mailState) => {
  await mailer.hear(wants(), exampleEvent(orderPaid))
  await mailer.hear(meanwhile())
  await endHopelessMails(mailer.database)
  expect((await states()).map(([channel, state]) => [channel, state])).toEqual([
    ['mail', mailState],
    ['sms', 'failed'],
  ])
  expect((await states())[1]).toEqual(['sms', 'failed', 0, reason])
  await mailer.send()
  expect(await mailer.received('to:sms.invalid')).toHaveLength(0)
})

test('an SMS that is due to somebody else stays due', async () => {
  const bea = newId()
  await mailer.hear(
    wants(),
    exampleEvent(userUpdated, { userId: bea, email: 'bea@example.com', smsNumber: '+4917212345678' }),
  )
  await mailer.hear(exampleEvent(orderPaid), exampleEvent(orderCancelled, { orderId: newId(), customerId: bea }))
  await mailer.hear(wantsNone(3))
  await endHopelessMails(mailer.database)
  await mailer.send()
  expect((await mailer.received('to:sms.invalid')).map(({ To }) => To[0]?.Address)).toEqual([
    '+4917212345678@sms.invalid',
  ])
})

describe('simulated', () => {
  const read = (env: Env) =>
    readMailerConfig({
      SHOP_DATABASE_URL: 'postgres://a:b@127.0.0.1/d',
      SHOP_AMQP_URL: 'amqp://a:b@127.0.0.1/v',
      SHOP_REDIS_URL: 'redis://:b@127.0.0.1/0',
      ...env,
    })

  test.each<[Env, boolean]>([
    [{}, true],
    [{ SHOP_SMS: 'simulated' }, true],
    [{ SHOP_SMS: 'off' }, false],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', SHOP_SMS: 'off' }, false],
  ])('with %p: %p', (env, expected) => expect(hasSms(read(env))).toBe(expected))

  test('it is refused in production, where nobody would get anything', () => {
    expect(() => read({ NODE_ENV: 'production', SHOP_SMS: 'simulated' })).toThrow(ConfigError)
  })
})
