import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents } from '../src/docs/documents'
import { replaceTables } from '../src/docs/replace-tables'
import { cloneRoot } from '../src/infra'

test.each(documents().map(({ path, content }) => [path, content]))('%s says what the code says', (path, content) => {
  expect(readFileSync(join(cloneRoot, path), 'utf8')).toBe(content)
})

test('a table without a place is an error, not a silent omission', () => {
  expect(() => replaceTables('# no place here', { events: '| a |' })).toThrow('no place for the table "events"')
})

test('a table is replaced between its marks and nowhere else', () => {
  const text = 'before\n<!-- generated: events -->\nold\n<!-- end -->\nafter'
  expect(replaceTables(text, { events: 'new' })).toBe('before\n<!-- generated: events -->\nnew\n<!-- end -->\nafter')
})
