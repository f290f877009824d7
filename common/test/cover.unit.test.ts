import { cover, coverFields, coverText } from '../src/logs/cover'

test.each([
  ['550 <ada@example.com> no such user', '550 <***> no such user'],
  ['no session with amqp://order-service:secret@broker:5672/shop', /^no session with amqp:\S*\*\*\*\S*:5672/],
  ['charging tok_visa failed', 'charging *** failed'],
  ['Authorization: Bearer abc.def', /Bearer \*\*\*$/],
  ['token eyJhbGciOi.eyJzdWIi.c2ln was refused', 'token *** was refused'],
  ['SMS to +4915112345678 refused', 'SMS to *** refused'],
  ['two\nlines\u0000 and \ud800 half a pair', /^two lines +and +half a pair$/],
])('%j is shown as %j', (text, shown) => {
  if (typeof shown === 'string') expect(coverText(text)).toBe(shown)
  else expect(coverText(text)).toMatch(shown)
})

test('an id, a time, a type and a reason are shown as they are', () => {
  const text = 'order.created 019aa4d2-7c1e-7b3a-9d0f-0d6b1a6a2f11 at 2026-11-20T09:30:00.000Z: handler_error'
  expect(coverText(text)).toBe(text)
})

test('what has the name of a secret is covered, however deep, and everything is bounded', () => {
  const deep = { a: { b: { c: { d: { e: 1 } } } } }
  expect(
    coverFields({ paymentToken: 'x', nested: { email: 'a@b', password: 1, ok: [1, 'tok_visa'] }, deep, f: () => 1 }),
  ).toEqual({
    paymentToken: '***',
    nested: { email: '***', password: '***', ok: [1, '***'] },
    deep: { a: { b: { c: { d: '…' } } } },
  })
  expect(String(cover('x'.repeat(10_000)))).toHaveLength(1_000)
  expect(Object.keys(coverFields(Object.fromEntries(Array.from({ length: 99 }, (_, n) => [n, n]))))).toHaveLength(50)
})

test.each(['x', 'a.', '@', ' a@', 'eyJ', '://', '+1', 'tok_'])('a long text of %j does not take long', (part) => {
  const begunMs = performance.now()
  for (let n = 0; n < 20; n++) coverText(part.repeat(100_000))
  expect(performance.now() - begunMs).toBeLessThan(2_000)
})
