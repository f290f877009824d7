import { eventually } from '@order-saga/common/testing'
import { Turnstile } from '../src/security/turnstile'

const later = () => {
  let open = () => {}
  const done = new Promise<void>((resolve) => {
    open = resolve
  })
  return { done, open }
}

test('lets two in, makes three wait in turn, and refuses the next', async () => {
  const turnstile = new Turnstile(2, 3)
  const entered: number[] = []
  const gates = Array.from({ length: 5 }, later)
  const passes = gates.map(({ done }, i) =>
    turnstile.pass(() => {
      entered.push(i)
      return done
    }),
  )
  await expect(turnstile.pass(async () => {})).rejects.toMatchObject({ status: 503, slug: 'busy' })
  expect(entered).toEqual([0, 1])
  gates[1]?.open()
  await eventually(() => expect(entered).toEqual([0, 1, 2]))
  for (const { open } of gates) open()
  await Promise.all(passes)
  expect(entered).toEqual([0, 1, 2, 3, 4])
})

test('work that fails gives its place free', async () => {
  const turnstile = new Turnstile(1, 0)
  await expect(turnstile.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(turnstile.pass(async () => 'in')).resolves.toBe('in')
})
