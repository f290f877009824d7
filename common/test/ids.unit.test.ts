import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { idBefore, isId, newId } from '@order-saga/common'

afterEach(() => jest.restoreAllMocks())

const msOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

it('are UUIDv7s of now', () => {
  const before = Date.now()
  const id = newId()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(msOf(id)).toBeGreaterThanOrEqual(before)
  expect(isId(id)).toBe(true)
})

it('increase strictly, 100,000 in a row, and stay close to the clock', () => {
  const ids = Array.from({ length: 100_000 }, newId)
  expect(ids.filter((id, index) => index > 0 && id <= (ids[index - 1] ?? ''))).toEqual([])
  expect(msOf(ids.at(-1) ?? '') - Date.now()).toBeLessThan(1_000)
})

it('increase when the clock steps back, and when it stands still for more than a counter full', () => {
  const first = newId()
  jest.spyOn(Date, 'now').mockReturnValue(msOf(first) - 3_600_000)
  const ids = [first, ...Array.from({ length: 10_000 }, newId)]
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every(isId)).toBe(true)
})

it('sort behind the lowest id of their time', () => {
  const before = Date.now()
  const id = newId()
  expect(idBefore(before) <= id).toBe(true)
  expect(idBefore(msOf(id) + 1) > id).toBe(true)
  expect(isId(idBefore(before))).toBe(true)
})

it('differ between processes', async () => {
  const script = `const { newId } = require('./dist/ids'); console.log(Array.from({ length: 20_000 }, newId).join())`
  const run = () =>
    promisify(execFile)(process.execPath, ['-e', script], { cwd: join(__dirname, '..'), maxBuffer: 2 ** 24 })
  const outputs = await Promise.all([run(), run(), run()])
  const ids = outputs.flatMap(({ stdout }) => stdout.trim().split(','))
  expect(new Set(ids).size).toBe(60_000)
})

it.each(['', 'x', '8c5f1c0e-6f0e-4b5a-9d0f-0d6b1a6a2f11', newId().toUpperCase(), `${newId()} `, 7, null])(
  '%p is none',
  (value) => {
    expect(isId(value)).toBe(false)
  },
)
