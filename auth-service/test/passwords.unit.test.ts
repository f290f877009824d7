import { Passwords } from '../src/security/passwords'

const passwords = new Passwords({ bcryptCost: 8, passwordPepper: 'pepper' })

test('a hash carries the configured cost and opens with its password alone', async () => {
  const hash = await passwords.hash('correct horse')
  expect(hash).toMatch(/^\$2b\$08\$/)
  expect(await passwords.matches('correct horse', hash)).toBe(true)
  expect(await passwords.matches('correct hors', hash)).toBe(false)
  expect(await passwords.matches('correct horse', undefined)).toBe(false)
})

test('composed and decomposed characters are the same password', async () => {
  const hash = await passwords.hash('caf\u00e9 au lait')
  expect(await passwords.matches('cafe\u0301 au lait', hash)).toBe(true)
})

test('saying no to nobody takes as long as to somebody', async () => {
  const hash = await passwords.hash('correct horse')
  const msOf = async (against: string | undefined) => {
    const start = performance.now()
    await passwords.matches('wrong', against)
    return performance.now() - start
  }
  const somebody: number[] = []
  const nobody: number[] = []
  for (let i = 0; i < 60; i++) {
    somebody.push(await msOf(hash))
    nobody.push(await msOf(undefined))
  }
  // the fastest of many: what a busy machine adds is not part of it
  expect(Math.min(...nobody) / Math.min(...somebody)).toBeGreaterThan(0.6)
  expect(Math.min(...nobody) / Math.min(...somebody)).toBeLessThan(1.6)
})
