import { newId, REVOCATIONS_EVERY_MS, Revocations } from '@order-saga/common'

/** The two commands of Redis that are used, over one value. */
function redisWith(text: string | null) {
  const state = { text, isAway: false }
  const reply = <T>(value: T) => (state.isAway ? Promise.reject(new Error('away')) : Promise.resolve(value))
  const set = (_key: string, next: string) => {
    state.text = next
    return reply('OK')
  }
  const redis = { get: () => reply(state.text), set }
  return { state, revocations: new Revocations(redis as never, 'test:') }
}
const [userId, sessionId] = [newId(), newId()]
const origin = (changes: object = {}) => ({ userId, sessionId, issuedAtS: 1_000, ...changes })

it('a token is revoked with its login, or when it was issued before its user called all back', async () => {
  const { revocations } = redisWith(null)
  await revocations.publish({ sessions: [sessionId], notBefore: { [userId]: 1_000 } })
  await revocations.refresh()
  expect(revocations.covers(origin())).toBe(true)
  expect(revocations.covers(origin({ sessionId: newId() }))).toBe(false)
  expect(revocations.covers(origin({ sessionId: undefined, issuedAtS: 999 }))).toBe(true)
  expect(revocations.covers(origin({ sessionId: undefined, userId: newId(), issuedAtS: 999 }))).toBe(false)
})

it.each<[string, (state: ReturnType<typeof redisWith>['state']) => void]>([
  ['is away', (state) => Object.assign(state, { isAway: true })],
  ['has lost it', (state) => Object.assign(state, { text: null })],
  ['holds no JSON', (state) => Object.assign(state, { text: '{' })],
  ['holds something else', (state) => Object.assign(state, { text: '{"sessions":[1]}' })],
])('the last known ones count while Redis %s', async (_, happens) => {
  const { state, revocations } = redisWith(JSON.stringify({ sessions: [sessionId], notBefore: {} }))
  await revocations.refresh()
  happens(state)
  await revocations.refresh()
  expect(revocations.covers(origin())).toBe(true)
})

it('a token that is called back is refused within five seconds: written as often as it is read', () => {
  expect(2 * REVOCATIONS_EVERY_MS).toBeLessThan(5_000)
})
