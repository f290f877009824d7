import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents } from './docs/documents'
import { fail } from './fail'
import { cloneRoot } from './infra'

/** npm run docs [-- --check]: writes what is derived from contracts and saga tables, or tells what is stale. */
function main(flags: string[]): void {
  const stale = documents().filter(({ path, content }) => readFileSync(join(cloneRoot, path), 'utf8') !== content)
  if (flags.includes('--check') && stale.length > 0)
    throw new Error(`stale, run npm run docs: ${stale.map(({ path }) => path).join(', ')}`)
  for (const { path, content } of stale) writeFileSync(join(cloneRoot, path), content)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  fail(error)
}
