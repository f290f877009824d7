import {
  type Envelope,
  newId,
  orderCancelled,
  orderPaid,
  paymentRefunded,
  StaleWrite,
  userDeleted,
  userPasswordResetRequested,
  userRegistered,
  userUpdated,
} from '@order-saga/common'
import { eventOf, exampleEvent } from '@order-saga/common/testing'
import { closeBook, openBook } from '../src/db/book'
import { steps } from '../src/saga'
import { type Mailer, startMailer } from './mailer'

let mailer: Mailer
beforeAll(async () => {
  mailer = await startMailer()
})
afterEach(() => mailer.reset())
afterAll(() => mailer.close())

const { orderId, customerId } = orderPaid.example
const kinds = async () => (await mailer.mails()).map(({ kind, state }) => `${kind} ${state}`)
const addresses = { name: 'addresses', text: 'SELECT email, name, version FROM addresses' }

test.each([
  { type: 'user.registered', contract: userRegistered, expected: ['welcome due'] },
  { type: 'user.updated', contract: userUpdated, expected: [] },
  { type: 'user.password_reset_requested', contract: userPasswordResetRequested, expected: ['password_reset due'] },
  { type: 'order.paid', contract: orderPaid, expected: ['receipt due'] },
  { type: 'order.cancelled', contract: orderCancelled, expected: ['cancellation due'] },
  { type: 'payment.refunded', contract: paymentRefunded, expected: ['refund due'] },
])('$type asks for its mail once, however often it is delivered or repeated', async ({ contract, expected }) => {
  const first: Envelope = exampleEvent(contract)
  await mailer.hear(first)
  await mailer.hear(first)
  await mailer.hear(first, first)
  await mailer.hear(
    eventOf(contract, contract.example, { repeats: first.id }),
    eventOf(contract, contract.example, { repeats: first.id }),
  )
  expect(await kinds()).toEqual(expected)
  const reason = contract === userUpdated ? 'older_version' : 'mail_exists'
  expect(await mailer.ignored(reason)).toBe(2)
})

describe('news of an order goes by SMS too', () => {
  const rows = {
    name: 'channels',
    text: 'SELECT kind, channel, facts::text AS facts FROM mails ORDER BY kind, channel',
  }
  const channels = async () =>
    (await mailer.database.query<{ kind: string; channel: string }>(rows)).map(
      ({ kind, channel }) => `${kind} ${channel}`,
    )
  const wants = (version = 2) => exampleEvent(userUpdated, { smsNumber: '+4915112345678', version })
  const about = () => [exampleEvent(orderPaid), exampleEvent(orderCancelled), exampleEvent(paymentRefunded)]
  const ofAll = ['cancellation mail', 'receipt mail', 'refund mail']

  test('to who wants that, and nothing else does', async () => {
    await mailer.hear(wants())
    await mailer.hear(...about(), exampleEvent(userPasswordResetRequested), exampleEvent(userRegistered))
    expect(await channels()).toEqual([
      'cancellation mail',
      'cancellation sms',
      'password_reset mail',
      'receipt mail',
      'receipt sms',
      'refund mail',
      'refund sms',
      'welcome mail',
    ])
  })

  test('once, however often it is heard', async () => {
    await mailer.hear(wants())
    const paid = exampleEvent(orderPaid)
    await mailer.hear(paid, paid)
    await mailer.hear(paid)
    await mailer.hear(exampleEvent(orderPaid))
    expect(await channels()).toEqual(['receipt mail', 'receipt sms'])
    const [mail, sms] = await mailer.database.query<{ facts: string }>(rows)
    expect(sms?.facts).toBe(mail?.facts)
  })

  test.each([
    ['nobody who never asked for it', () => [exampleEvent(userUpdated)]],
    ['nobody who is not known yet', () => []],
    ['nobody who took it back', () => [wants(), exampleEvent(userUpdated, { version: 3 })]],
    ['nobody who is gone', () => [wants(), exampleEvent(userDeleted, { version: 9 })]],
  ])('to %s', async (_who, before) => {
    await mailer.hear(...before(), ...about())
    expect(await channels()).toEqual(ofAll)
  })

  test('by what is known when it is heard of, the same batch included, in whatever order that was told', async () => {
    await mailer.hear(exampleEvent(userUpdated, { version: 3 }), wants(), exampleEvent(orderPaid))
    expect(await channels()).toEqual(['receipt mail'])
    await mailer.hear(exampleEvent(orderCancelled), wants(4))
    expect(await channels()).toEqual(['cancellation mail', 'cancellation sms', 'receipt mail'])
  })
})

test('two kinds of mail about one order do not get in each other’s way', async () => {
  await mailer.hear(exampleEvent(orderCancelled), exampleEvent(paymentRefunded))
  expect(await kinds()).toEqual(['cancellation due', 'refund due'])
})

test('the first event of two in one batch is the one the mail is written from', async () => {
  const other = { ...orderPaid.example, totalMinor: 1 }
  await mailer.hear(exampleEvent(orderPaid), eventOf(orderPaid, other))
  const facts = { name: 'facts', text: `SELECT facts ->> 'totalMinor' AS total FROM mails` }
  expect(await mailer.database.query(facts)).toEqual([{ total: '6980' }])
})

test('an update that overtakes the registration keeps its address, and the welcome is still written', async () => {
  await mailer.hear(exampleEvent(userUpdated, { email: 'new@example.com', version: 3 }))
  await mailer.hear(exampleEvent(userRegistered))
  expect(await mailer.database.query(addresses)).toEqual([{ email: 'new@example.com', name: 'Ada L.', version: 3 }])
  expect(await kinds()).toEqual(['welcome due'])
})

test.each([[[1, 2, 3]], [[3, 1, 2]], [[2, 3, 1]]])(
  'the newest version of an address stays, in the order %p',
  async (versions) => {
    for (const version of versions)
      await mailer.hear(eventOf(userUpdated, { ...userUpdated.example, name: `v${version}`, version }))
    expect(await mailer.database.query(addresses)).toMatchObject([{ name: 'v3', version: 3 }])
  },
)

describe('an address that is forgotten', () => {
  const deleted = (version: number) => exampleEvent(userDeleted, { version })
  const gone = (version: number) => [{ email: null, name: null, version }]
  const book = () => mailer.database.query(addresses)

  test('leaves nothing, and no late event brings it back', async () => {
    await mailer.hear(exampleEvent(userRegistered), exampleEvent(userUpdated, { version: 2 }))
    await mailer.hear(deleted(3))
    expect(await book()).toEqual(gone(3))
    await mailer.hear(exampleEvent(userRegistered), exampleEvent(userUpdated, { version: 2 }))
    await mailer.hear(exampleEvent(userUpdated, { version: 4 }))
    expect(await book()).toEqual(gone(3))
  })

  test('before it was known is never learned', async () => {
    await mailer.hear(deleted(2))
    await mailer.hear(exampleEvent(userRegistered))
    expect(await book()).toEqual(gone(2))
  })

  test('twice, or in one batch with its registration, is the same', async () => {
    await mailer.hear(exampleEvent(userRegistered), deleted(2), deleted(2), exampleEvent(userRegistered))
    await mailer.hear(deleted(2))
    expect(await book()).toEqual(gone(2))
    expect(await mailer.ignored('forgotten')).toBe(2)
  })
})

test('a batch does what its events do one by one', async () => {
  const events = [
    exampleEvent(userUpdated, { version: 2 }),
    exampleEvent(userRegistered),
    exampleEvent(orderPaid),
    exampleEvent(orderPaid),
    exampleEvent(userUpdated, { name: 'Countess', version: 5 }),
    exampleEvent(paymentRefunded, { orderId: newId() }),
  ]
  await mailer.hear(...events)
  const atOnce = [await kinds(), await mailer.database.query(addresses)]
  await mailer.reset()
  for (const one of events) await mailer.hear(one)
  expect([await kinds(), await mailer.database.query(addresses)]).toEqual(atOnce)
})

test('two instances that hear of one order at once write one mail', async () => {
  const paid = () => exampleEvent(orderPaid)
  await Promise.all(Array.from({ length: 20 }, () => mailer.hear(paid())))
  expect(await kinds()).toEqual(['receipt due'])
  expect(await mailer.ignored('mail_exists')).toBe(19)
})

test.each([
  ['a mail', orderPaid],
  ['an address', userUpdated],
] as const)('%s that another instance wrote meanwhile makes the batch start again', async (_what, contract) => {
  const [ours, theirs] = [exampleEvent(contract), exampleEvent(contract)]
  const batch = mailer.database.transaction(async (tx) => {
    const book = await openBook(tx, [ours])
    steps.find((step) => step.contract === contract)?.decide(book, ours, newId)
    await mailer.hear(theirs)
    await closeBook(tx, book)
  })
  await expect(batch).rejects.toThrow(StaleWrite)
})

test('the sender is woken by the commit', async () => {
  await mailer.hear(exampleEvent(orderPaid, { orderId, customerId }))
  expect(mailer.wakes()).toBe(1)
})
