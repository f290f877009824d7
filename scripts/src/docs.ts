import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents } from './docs/documents'
import { fail } from './fail'
import { cloneRoot } from './infra'

/** npm run docs [-- --check]: writes what is derived from contracts and saga tables, or tells what is stale. */
function main(flags: string[]): void {
  const contentOf = (path: string) =>
    existsSync(join(cloneRoot, path)) ? readFileSync(join(cloneRoot, path), 'utf8') : undefined
  const stale = documents().filter(({ path, content }) => contentOf(path) !== content)
  if (flags.includes('--check') && stale.length > 0)
    throw new Error(`stale, run npm run docs: ${stale.map(({ path }) => path).join(', ')}`)
  for (const { path, content } of stale) writeFileSync(join(cloneRoot, path), content)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  fail(error)
}
