import { auditVerdict } from '../../console/src/view/audit-verdict'
import { money, share } from '../../console/src/view/money'
import { outcomeInWords } from '../../console/src/view/outcome'
import { becauseOf } from '../../console/src/view/reasons'
import { moment, preciseClock } from '../../console/src/view/times'

test.each([
  [1234, 'EUR', '€12.34'],
  [1234, 'JPY', '¥1,234'],
  [1234, 'KWD', 'KWD 1.234'],
])('%d minor units of %s are %s', (minor, currency, text) =>
  expect(money(minor, currency).replace('\u00a0', ' ')).toBe(text),
)

test('a share is never rounded up to all', () => {
  expect([share(1), share(0.99999), share(0)]).toEqual(['100.0 %', '99.9 %', '0.0 %'])
})

test('a moment of another day names the day', () => {
  const now = new Date('2026-11-29T12:00:00Z')
  expect(moment('2026-11-29T08:01:07.123Z', now)).toBe('08:01:07')
  expect(moment('2026-11-28T23:59:59.999Z', now)).toBe('2026-11-28 23:59:59')
  expect(preciseClock('2026-11-29T08:01:07.123Z')).toBe('08:01:07.123')
  expect(preciseClock('2026-11-29T08:01:07Z')).toBe('08:01:07')
})

test('a reason this page does not know is told as it came', () => {
  expect(becauseOf('out_of_stock')).toBe('there was not enough stock')
  expect(becauseOf('eaten_by_dog')).toBe('eaten by dog')
  expect(becauseOf('constructor')).toBe('constructor')
  expect(becauseOf(null)).toBe('no reason was given')
})

const done = (n: number) => Array.from({ length: n }, () => ({ id: '', outcome: 'parked' }))

test('what was refused is said beside what was done, and alone when nothing was', () => {
  const refused = [
    { id: 'a', problem: 'dead-letter-settled', detail: 'It is settled.' },
    { id: 'b', problem: 'dead-letter-settled', detail: 'It is settled.' },
  ]
  expect(outcomeInWords('redrive', 'order-service', { done: done(1), refused: [] })).toBe(
    'Redriven: 1 letter of order-service, handled once more.',
  )
  expect(outcomeInWords('discard', 'order-service', { done: done(3), refused })).toBe(
    'Discarded: 3 letters of order-service, kept with your note. 2 refused: It is settled.',
  )
  expect(outcomeInWords('redrive', 'order-service', { done: [], refused })).toBe('2 refused: It is settled.')
})

test('a verdict says what it does not know', () => {
  const audit = {
    id: '',
    startedAt: '',
    endedAt: '',
    by: '',
    violations: [],
    checked: 20,
    notChecked: 3,
    violationCount: 0,
    why: null,
    tookMs: null,
  }
  expect(auditVerdict({ ...audit, verdict: 'clean' })).toBe(
    'No violation: 20 invariants were checked, 3 could not be checked.',
  )
  expect(auditVerdict({ ...audit, verdict: 'failed', why: 'it is away' })).toBe(
    'The audit could not be finished: it is away.',
  )
  expect(auditVerdict({ ...audit, verdict: null })).toBe('The auditor is at work.')
  expect(auditVerdict({ ...audit, verdict: 'violated', violationCount: 1, notChecked: 0 })).toBe(
    '1 violation; 20 invariants were checked.',
  )
})
