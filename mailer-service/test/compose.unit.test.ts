import { CancelReason, orderCancelled, orderPaid, paymentRefunded } from '@order-saga/common'
import { compose, composeShort } from '../src/domain/compose'

const createdAt = new Date('2026-01-01T23:59:30.000Z')
const receipt = (facts: Partial<typeof orderPaid.example>, name = 'Ada') =>
  compose({ kind: 'receipt', facts: { ...orderPaid.example, ...facts }, createdAt }, name)

const { orderId } = orderPaid.example
const [line = { productId: orderId, quantity: 1, name: '', unitPriceMinor: 0 }] = orderPaid.example.lines

test('a receipt names what was bought and what was charged', () => {
  const { subject, text, html } = receipt({})
  expect(subject).toBe(`Receipt for order ${orderId}`)
  expect(text).toBe(
    `Hello Ada,\n\nThank you. We received €69.80 for your order ${orderId}.\n\n` +
      '  2 × Walnut desk organiser: €69.80\n  Total: €69.80\n\n' +
      '-- \nWritten on 1 January 2026 at 23:59 UTC by our shop, by itself: nobody reads answers to this mail.\n',
  )
  expect(html).toMatch(/<td [^>]*>2 × Walnut desk organiser<\/td><td [^>]*>€69.80<\/td>/)
  expect(html).toMatch(/<td [^>]*font-weight:bold[^>]*>Total<\/td><td [^>]*>€69.80<\/td>/)
})

test('a mail is one whole page that fetches nothing and runs nothing', () => {
  const { html, subject } = receipt({})
  expect(html).toMatch(/^<!doctype html>\n<html lang="en"><head><meta charset="utf-8">.*<\/body><\/html>\n$/s)
  expect(html).toContain(`<title>${subject}</title>`)
  expect(html).not.toMatch(/https?:|src=|href=|url\(|<script|<link|@import/)
})

test.each([
  ['EUR', 6980, '€69.80'],
  ['JPY', 6980, '¥6,980'],
  ['KWD', 6980, 'KWD 6.980'],
] as const)('amounts have the decimals of %s, in every form', (currency, totalMinor, shown) => {
  const facts = { ...orderPaid.example, currency, totalMinor }
  const { text, html } = receipt(facts)
  const said = `We received ${shown} for your order ${orderId}.`
  for (const form of [text, html, composeShort({ kind: 'receipt', facts })]) expect(form).toContain(said)
  expect([text.includes(`Total: ${shown}`), html.includes(`>${shown}</td>`)]).toEqual([true, true])
})

test.each(CancelReason.enum)('an SMS fits into one part: %s', (reason) => {
  const short = composeShort({ kind: 'cancellation', facts: { ...orderCancelled.example, reason } })
  expect(short).toMatch(/^[ -~€]{20,160}$/)
})

test('an SMS holds nothing that others wrote, and no code', () => {
  const lines = [{ ...line, name: 'Desk' }]
  expect(composeShort({ kind: 'receipt', facts: { ...orderPaid.example, lines } })).not.toContain('Desk')
  const facts = { code: 'PzU2pP0qWb3mFh6yR1xJ2g', expiresAt: '2026-01-01T12:20:00.000Z' }
  expect(composeShort({ kind: 'password_reset', facts })).toBeUndefined()
  expect(composeShort({ kind: 'welcome', facts: {} })).toBeUndefined()
})

test('names cannot break out of the HTML', () => {
  const name = `<script>alert("1")</script> & 'Co'`
  const lines = [{ ...orderPaid.example.lines[0], name }] as typeof orderPaid.example.lines
  const { html, text } = receipt({ lines }, '<img src=x>')
  expect(html).not.toMatch(/<script|<img|<p><\/p>/)
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Co&#39;')
  expect(text).toContain(name)
})

test('line breaks in names cannot start a line of their own', () => {
  const lines = [{ ...orderPaid.example.lines[0], name: 'Desk\r\nBcc: all@example.com' }]
  const { subject, text } = receipt({ lines: lines as typeof orderPaid.example.lines }, 'Ada\r\n\r\nTotal: €0')
  expect(subject).toBe(`Receipt for order ${orderId}`)
  expect(text).toContain('2 × Desk Bcc: all@example.com')
  expect(text).toContain('Hello Ada Total: €0,')
})

test('what turns text around or cannot be seen is shown by its number, emoji and scripts stay what they are', () => {
  const name = 'Mug \u202e08.96€ \u2066x\u2069 \u200bfree\ufeff 👩‍🌾 می‌خواهم'
  const { subject, text, html } = receipt({ lines: [{ ...line, name }] }, 'Ada\u202e')
  const shown = 'Mug [U+202E]08.96€ [U+2066]x[U+2069] [U+200B]free[U+FEFF] 👩‍🌾 می‌خواهم'
  expect(text).toContain(`Hello Ada[U+202E],`)
  expect(text).toContain(`2 × ${shown}: €69.80`)
  expect(html).toContain(`>2 × ${shown}</td>`)
  expect(subject).toBe(`Receipt for order ${orderId}`)
})

test.each([
  ['none', 'If your card was charged, you get the money back.'],
  ['due', 'What you have paid is on its way back to you.'],
  ['done', 'What you have paid is on its way back to you.'],
] as const)('a cancellation with refund %s says what became of the money', (refund, sentence) => {
  const { text } = compose({ kind: 'cancellation', facts: { ...orderCancelled.example, refund }, createdAt }, 'Ada')
  expect(text).toContain('cancelled: something you ordered is no longer in stock.')
  expect(text).toContain(sentence)
})

test('a line nobody priced is shown by its product id', () => {
  const { text } = compose({ kind: 'cancellation', facts: orderCancelled.example, createdAt }, 'Ada')
  expect(text).toContain(`2 × ${orderCancelled.example.lines[0]?.productId}\n`)
})

test('a code for a new password stands alone, and says until when it is good', () => {
  const facts = { code: 'PzU2pP0qWb3mFh6yR1xJ2g', expiresAt: '2026-01-01T12:20:00.000Z' }
  const { subject, text, html } = compose({ kind: 'password_reset', facts, createdAt }, 'Ada')
  expect(subject).toBe('A new password')
  expect(text).toContain('\n\nPzU2pP0qWb3mFh6yR1xJ2g\n\nIt is good until 1 January 2026 at 12:20 UTC.')
  expect(html).toContain('<p>PzU2pP0qWb3mFh6yR1xJ2g</p>')
})

test('a refund names the amount, a welcome the person', () => {
  expect(compose({ kind: 'refund', facts: paymentRefunded.example, createdAt }, 'Ada').text).toContain(
    'We gave back €69.80',
  )
  expect(compose({ kind: 'welcome', facts: {}, createdAt }, 'Ada')).toMatchObject({
    subject: 'Welcome',
    text: expect.stringMatching(/^Hello Ada,\n\nYour account is open. Happy shopping!\n\n-- \n/),
  })
})
