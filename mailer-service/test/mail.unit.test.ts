import { changed, ignored, orderPaid } from '@order-saga/common'
import { afterFailure } from '../src/domain/delivery'
import { type Address, forget, learn, type Mail, writeOnce } from '../src/domain/mail'
import { moneyIn } from '../src/domain/money'
import { obstacleTo } from '../src/domain/resend'

const mail: Mail<'receipt'> = {
  kind: 'receipt',
  subjectId: orderPaid.example.orderId,
  userId: orderPaid.example.customerId,
  facts: orderPaid.example,
}

describe('a mail', () => {
  it('is written by the first event', () => expect(writeOnce(null, mail)).toEqual(changed(mail)))
  it('is not written again by any later one', () => expect(writeOnce(mail, mail)).toEqual(ignored('mail_exists')))
})

describe('the address book', () => {
  const address = (version: number): Address => ({ email: 'ada@example.com', name: 'Ada', smsNumber: null, version })
  it('takes an address it has not heard of', () => expect(learn(null, address(4))).toEqual(changed(address(4))))
  it('takes a newer version', () => expect(learn(address(1), address(2))).toEqual(changed(address(2))))
  it.each([1, 2])('keeps version 2 when it hears of version %i', (version) =>
    expect(learn(address(2), address(version))).toEqual(ignored('older_version')),
  )
})

describe('an address that is to be forgotten', () => {
  const gone = (version: number) => ({ email: null, name: null, smsNumber: null, version })
  const known = { email: 'ada@example.com', name: 'Ada', smsNumber: '+4915112345678', version: 4 }
  it('is, known or not', () => {
    expect(forget(known, 5)).toEqual(changed(gone(5)))
    expect(forget(null, 5)).toEqual(changed(gone(5)))
  })
  it('is, even if a newer one is known', () => expect(forget(known, 2)).toEqual(changed(gone(4))))
  it('is forgotten once', () => expect(forget(gone(5), 5)).toEqual(ignored('forgotten')))
  it('is not learned again, whatever the version', () =>
    expect(learn(gone(5), { ...known, version: 6 })).toEqual(ignored('older_version')))
})

test.each([
  ['receipt', 'sent', false, undefined],
  ['receipt', 'failed', false, undefined],
  ['welcome', 'sent', false, undefined],
  ['receipt', 'due', false, 'mail-is-due'],
  ['password_reset', 'sent', false, 'mail-not-kept'],
  ['password_reset', 'failed', false, 'mail-not-kept'],
  ['receipt', 'sent', true, 'recipient-forgotten'],
  ['receipt', 'failed', true, 'recipient-forgotten'],
] as const)(
  'a %s that is %s, its recipient forgotten: %p, is sent once more unless: %p',
  (kind, state, isForgotten, why) => expect(obstacleTo({ kind, state, isForgotten })).toBe(why),
)

describe('after a failure', () => {
  it.each([
    ['EMESSAGE', 550],
    ['EENVELOPE', 553],
  ])('%s %i is final', (code, responseCode) =>
    expect(afterFailure({ code, responseCode, permanent: true }, 1)).toEqual({
      state: 'failed',
      reason: `${code} ${responseCode}`,
      retryInMs: 0,
    }),
  )
  it.each([
    ['a deferral', { code: 'EMESSAGE', responseCode: 451, permanent: false }],
    ['our own login refused', { code: 'EAUTH', responseCode: 535, permanent: true }],
    ['a greeting that turns us away', { code: 'EPROTOCOL', responseCode: 554, permanent: true }],
    ['no connection', { code: 'ESOCKET' }],
    ['an error without a name', {}],
  ])('%s is tried again', (_what, error) => expect(afterFailure(error, 1)).toMatchObject({ state: 'due' }))
  it('waits 1, 2, 4 … 60 seconds', () =>
    expect([1, 2, 3, 6, 7, 50].map((attempts) => afterFailure({}, attempts).retryInMs)).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
    ]))
})

test.each([
  ['EUR', 6980, '€69.80'],
  ['JPY', 6980, '¥6,980'],
  ['KWD', 6980, 'KWD 6.980'],
  ['USD', 1_000_000_000_000, '$10,000,000,000.00'],
  ['EUR', 1, '€0.01'],
])('%s %i is shown as %s', (currency, minor, shown) => expect(moneyIn(currency)(minor).replace(/\s/g, ' ')).toBe(shown))
