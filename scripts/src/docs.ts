import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { documents } from './docs/documents'
import { fail } from './fail'
import { cloneRoot } from './infra'

/** npm run docs [-- --check]: writes what is derived from contracts and saga tables, or tells what is stale. */
function main(flags: string[]): void {
  const stale = documents().filter(({ path, content }) => present(path) !== content)
  if (flags.includes('--check') && stale.length > 0)
    throw new Error(`stale, run npm run docs: ${stale.map(({ path }) => path).join(', ')}`)
  for (const { path, content } of stale) {
    mkdirSync(dirname(join(cloneRoot, path)), { recursive: true })
    writeFileSync(join(cloneRoot, path), content)
  }
}

/** A file that a new service will have is not there yet. */
const present = (path: string): string | undefined =>
  existsSync(join(cloneRoot, path)) ? readFileSync(join(cloneRoot, path), 'utf8') : undefined

try {
  main(process.argv.slice(2))
} catch (error) {
  fail(error)
}
