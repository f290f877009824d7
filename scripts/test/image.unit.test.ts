import { ignoredBy } from '../src/image/context'
import { argOf, pairsOf, parseDockerfile, wordsOf } from '../src/image/dockerfile'

it('a Dockerfile is stages of steps, with its arguments filled in', () => {
  const text = `ARG NODE=node:1\n# why\nFROM \${NODE} AS build\nRUN a \\\n    && b\nFROM build\nCMD ["c"]\n`
  expect(parseDockerfile(text, { NODE: 'node:2' })).toEqual([
    { name: 'build', base: 'node:2', steps: [{ keyword: 'RUN', text: 'a && b' }] },
    { name: '1', base: 'build', steps: [{ keyword: 'CMD', text: '["c"]' }] },
  ])
})

it.each(['FROM a\nADD x y', 'RUN a'])('what is not understood is refused: %s', (text) => {
  expect(() => parseDockerfile(text)).toThrow()
})

it('reads pairs, words and arguments', () => {
  expect(pairsOf(`a.b="two words" C=\${D}`, { D: 'd' })).toEqual({ 'a.b': 'two words', C: 'd' })
  expect(wordsOf('["a", "b"]')).toEqual(['a', 'b'])
  expect(() => wordsOf('["a", 1]')).toThrow('no words')
  expect([argOf('A=1', {}), argOf('A=1', { A: '2' }), argOf('A', {})]).toEqual([{ A: '1' }, { A: '2' }, { A: '' }])
})

it.each([
  ['docs', 'docs/a/b.md', true],
  ['docs', 'mydocs/a.md', false],
  ['**/dist', 'common/dist/index.js', true],
  ['**/dist', 'dist/x', true],
  ['*.md', 'README.md', true],
  ['*.md', 'common/README.md', false],
  ['*.md\n!README.md', 'README.md', false],
  ['# a comment', '# a comment', false],
  ['.env', '.environment', false],
])('.dockerignore %j keeps %s away: %s', (pattern, path, expected) => {
  expect(ignoredBy(pattern)(path)).toBe(expected)
})
