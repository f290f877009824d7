import {
  Database,
  newId,
  orderCancelled,
  orderPaid,
  userDeleted,
  userPasswordResetRequested,
  userRegistered,
  userUpdated,
} from '@order-saga/common'
import { eventually, exampleEvent, TcpProxy } from '@order-saga/common/testing'
import { endHopelessMails, leaseDueMails, recordDeliveries } from '../src/db/due-mails'
import { type Mailer, startMailer } from './mailer'

let mailer: Mailer
beforeAll(async () => {
  mailer = await startMailer()
})
beforeEach(async () => {
  await mailer.hear(exampleEvent(userUpdated))
})
afterEach(() => mailer.reset())
afterAll(() => mailer.close())

const paid = () => exampleEvent(orderPaid)
const messageId = `receipt.${orderPaid.example.orderId}@shop.example`
const states = async () => (await mailer.mails()).map(({ state, attempts, reason }) => [state, attempts, reason])

test('a receipt goes to the registered address, under an id made of what it is about', async () => {
  await mailer.hear(paid())
  await mailer.send()
  expect(await states()).toEqual([['sent', 1, null]])
  const [mail] = await mailer.received()
  expect(mail).toMatchObject({ MessageID: messageId, To: [{ Name: '', Address: 'ada@example.com' }] })
})

test('a name adds no recipient and no header: it stands in the text alone', async () => {
  const name = '"x" <evil@example.com>, Bcc: a@b.c'
  await mailer.hear(exampleEvent(userUpdated, { name, version: 9 }), paid())
  await mailer.send()
  const mails = await mailer.received()
  expect(mails).toMatchObject([{ To: [{ Name: '', Address: 'ada@example.com' }], Cc: [], Bcc: [] }])
  const headers = JSON.stringify(await Promise.all(mails.map(mailer.headersOf)))
  expect(headers).toContain('ada@example.com')
  for (const part of ['evil', 'a@b.c', 'Bcc']) expect(headers).not.toContain(part)
  expect(await mailer.received('evil@example.com')).toHaveLength(1)
})

test('what is sent is not sent again', async () => {
  await mailer.hear(paid())
  await mailer.send()
  await mailer.endWaits()
  await mailer.send()
  expect(await mailer.received()).toHaveLength(1)
})

test('a mail to somebody unknown waits, and goes out once the address is there', async () => {
  const userId = newId()
  await mailer.hear(exampleEvent(orderCancelled, { customerId: userId }))
  await mailer.send()
  expect(await states()).toEqual([['due', 0, null]])
  await mailer.hear(exampleEvent(userRegistered, { userId, email: 'late@example.com' }))
  await mailer.send()
  expect((await states()).map(([state]) => state)).toEqual(['sent', 'sent'])
  expect(await mailer.received('to:late@example.com')).toHaveLength(2)
})

test('M0: a sender that dies before the mail server has the mail leaves it to the next one', async () => {
  await mailer.hear(paid())
  await leaseDueMails(mailer.database, 20, 30_000)
  await mailer.send()
  expect(await mailer.received()).toHaveLength(0)
  await mailer.endWaits()
  await mailer.send()
  expect(await mailer.received()).toMatchObject([{ MessageID: messageId }])
  expect(await states()).toEqual([['sent', 2, null]])
})

test('M1: a sender that dies before the outcome is on record costs one copy with the same Message-ID', async () => {
  await mailer.hear(paid())
  const dies = new Promise<never>(() => {})
  void mailer.send({ send: (mail) => mailer.sender.send(mail).then(() => dies) })
  await eventually(async () => expect(await mailer.received()).toHaveLength(1))
  await mailer.endWaits()
  await mailer.send()
  expect(await mailer.received()).toMatchObject([{ MessageID: messageId }, { MessageID: messageId }])
  expect(await states()).toEqual([['sent', 2, null]])
})

test('a database that goes away while a mail is sent costs no second copy', async () => {
  await mailer.hear(paid())
  const { hostname, port } = new URL(mailer.db.url)
  const proxy = await TcpProxy.to(hostname, Number(port))
  const database = new Database({ service: 'mailer-service', url: proxy.through(mailer.db.url) })
  const send: typeof mailer.sender.send = async (mail) => {
    await mailer.sender.send(mail)
    proxy.reset()
    await proxy.refuse()
  }
  try {
    const sending = mailer.send({ database, send })
    await eventually(async () => expect(await mailer.received()).toHaveLength(1))
    await eventually(() => proxy.accept())
    await sending
    expect(await states()).toEqual([['sent', 1, null]])
  } finally {
    await proxy.accept()
    await database.close()
    await proxy.close()
  }
})

test('a sender whose lease has ended cannot record its outcome over that of the next', async () => {
  await mailer.hear(paid())
  const [stale] = await leaseDueMails(mailer.database, 1, 0)
  await leaseDueMails(mailer.database, 1, 30_000)
  if (!stale) throw new Error('nothing was leased')
  const delivery = { state: 'failed', reason: 'EMESSAGE 550', retryInMs: 0 } as const
  await recordDeliveries(mailer.database, [{ mail: stale, delivery }])
  expect(await states()).toEqual([['due', 2, null]])
})

test('a server that says later gets it later', async () => {
  await mailer.fault('451', 1)
  await mailer.hear(paid())
  await mailer.send()
  expect(await states()).toEqual([['due', 1, 'EMESSAGE 451']])
  await mailer.send()
  expect(await mailer.received()).toHaveLength(0)
  await eventually(async () => {
    await mailer.send()
    expect(await states()).toEqual([['sent', 2, null]])
  })
  expect(await mailer.received()).toHaveLength(1)
})

test('a server that refuses for good is not asked again, and the reason is kept', async () => {
  await mailer.fault('550', 1)
  await mailer.hear(paid())
  await mailer.send()
  await mailer.endWaits()
  await mailer.send()
  expect(await states()).toEqual([['failed', 1, 'EMESSAGE 550']])
  expect(await mailer.received()).toHaveLength(0)
})

test('a connection lost after DATA says nothing: the mail is sent again with the same Message-ID', async () => {
  await mailer.fault('drop-after-data', 1)
  await mailer.hear(paid())
  await mailer.send()
  expect((await states())[0]?.[0]).toBe('due')
  await mailer.endWaits()
  await mailer.send()
  expect(await mailer.received()).toMatchObject([{ MessageID: messageId }, { MessageID: messageId }])
})

test('a slow server gets each mail once', async () => {
  await mailer.fault('slow', 3)
  await mailer.hear(...Array.from({ length: 3 }, () => exampleEvent(orderPaid, { orderId: newId() })))
  await mailer.send()
  expect(await mailer.received()).toHaveLength(3)
})

test('a server nobody can reach leaves every mail due', async () => {
  await mailer.hear(paid())
  await mailer.send({ send: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ESOCKET' })) })
  expect(await states()).toEqual([['due', 1, 'ESOCKET']])
})

test('two senders at once send each of a hundred mails once', async () => {
  const orders = Array.from({ length: 100 }, () => newId())
  await mailer.hear(...orders.map((orderId) => exampleEvent(orderPaid, { orderId })))
  const received = await eventually(async () => {
    // a run ends after a while, whatever is left
    await Promise.all([mailer.send(), mailer.send()])
    expect(await states()).not.toContainEqual(expect.arrayContaining(['due']))
    return mailer.received()
  })
  expect(received).toHaveLength(100)
  expect(new Set(received.map(({ MessageID }) => MessageID)).size).toBe(100)
})

describe('a code for a new password', () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  const asked = (expiresAt = inMinutes(20)) => exampleEvent(userPasswordResetRequested, { expiresAt })
  const { code, resetId } = userPasswordResetRequested.example
  const facts = { name: 'facts', text: 'SELECT facts FROM mails' }
  const kept = () => mailer.database.query<{ facts: object }>(facts)

  test('is mailed to the registered address, and forgotten then', async () => {
    await mailer.hear(asked())
    expect(await kept()).toMatchObject([{ facts: { code } }])
    await mailer.send()
    expect(await states()).toEqual([['sent', 1, null]])
    const [mail] = await mailer.received('to:ada@example.com')
    expect(mail).toMatchObject({ MessageID: `password_reset.${resetId}@shop.example`, Subject: 'A new password' })
    expect(await kept()).toEqual([{ facts: {} }])
  })

  test('is kept while it is to be sent again', async () => {
    await mailer.fault('451', 1)
    await mailer.hear(asked())
    await mailer.send()
    expect(await kept()).toMatchObject([{ facts: { code } }])
    await mailer.endWaits()
    await mailer.send()
    expect(await kept()).toEqual([{ facts: {} }])
    expect(await mailer.received()).toHaveLength(1)
  })

  test('that a server refuses for good is forgotten as well', async () => {
    await mailer.fault('550', 1)
    await mailer.hear(asked())
    await mailer.send()
    expect([await states(), await kept()]).toEqual([[['failed', 1, 'EMESSAGE 550']], [{ facts: {} }]])
  })

  test('that is too old by now is not sent any more', async () => {
    await mailer.hear(asked(inMinutes(-1)), paid())
    await endHopelessMails(mailer.database)
    await mailer.send()
    expect(await mailer.received()).toMatchObject([{ MessageID: messageId }])
    expect((await states()).toSorted()).toEqual([
      ['failed', 0, 'expired'],
      ['sent', 1, null],
    ])
    await mailer.hear(asked())
    expect(await mailer.ignored('mail_exists')).toBe(1)
  })
})

test('mails to somebody who is forgotten end, also those that are written later, and others do not', async () => {
  const bea = newId()
  await mailer.hear(exampleEvent(userRegistered, { userId: bea, email: 'bea@example.com' }), paid())
  await mailer.hear(exampleEvent(userDeleted, { version: 9 }))
  await mailer.hear(
    exampleEvent(orderCancelled),
    exampleEvent(userPasswordResetRequested, { expiresAt: '2999-01-01T00:00:00Z' }),
  )
  await mailer.send()
  expect((await mailer.received()).map(({ Subject }) => Subject)).toEqual(['Welcome'])
  await endHopelessMails(mailer.database)
  expect((await states()).toSorted()).toEqual([
    ['failed', 0, 'forgotten'],
    ['failed', 0, 'forgotten'],
    ['failed', 0, 'forgotten'],
    ['sent', 1, null],
  ])
  const code = { name: 'code', text: `SELECT facts FROM mails WHERE kind = 'password_reset'` }
  expect(await mailer.database.query(code)).toEqual([{ facts: {} }])
})
