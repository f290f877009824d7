import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cloneRoot } from '../src/infra'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: cloneRoot,
  encoding: 'utf8',
})
const pages = files.split('\n').filter((file) => file !== '' && existsSync(join(cloneRoot, file)))
const read = (file: string) => readFileSync(join(cloneRoot, file), 'utf8')

const links = pages.flatMap((page) =>
  [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ page, target })),
)

/** As on the usual hosts: lower case, hyphens for spaces, no punctuation. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
const anchorsOf = (file: string) => [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

it('finds pages and links', () => {
  expect(pages).toContain('README.md')
  expect(links.length).toBeGreaterThan(50)
})

it.each(links)('$page leads to $target', ({ page, target }) => {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  expect(existsSync(join(cloneRoot, file))).toBe(true)
  if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor)
})

// what a page names in backticks with a folder of ours in front of it
const named = pages
  .filter((page) => page !== 'CHANGELOG.md')
  .flatMap((page) =>
    [...read(page).matchAll(/`((?:common|scripts|load-test|deploy|docs|[a-z]+-service)\/[\w./-]+\.\w+)`/g)].map(
      ([, file = '']) => ({ page, file }),
    ),
  )

it.each(named)('$page names $file, which is there', ({ file }) => {
  expect(existsSync(join(cloneRoot, file))).toBe(true)
})
