import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { protections } from '../src/protections/protections'
import { without } from '../src/protections/without'

const root = join(__dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe.each(protections)('$name', (protection) => {
  it('is still where the list says, once', () => {
    const source = read(protection.file)
    expect(without(protection, source)).not.toBe(source)
  })

  it.each(protection.tests)('is missed by a test there is: $title', ({ file, title }) => {
    expect(read(file).split(`'${title}'`)).toHaveLength(2)
  })
})

it('names each protection once', () => {
  const names = protections.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

it('refuses a snippet that is gone or stands twice', () => {
  const [one] = protections
  if (!one) throw new Error('no protections')
  expect(() => without(one, '')).toThrow('0 times')
  expect(() => without(one, one.snippet + one.snippet)).toThrow('2 times')
})
