import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { clientFile } from './docs/client-file'
import { contentOf, documents, publishedDocuments } from './docs/documents'
import { fail } from './fail'
import { cloneRoot } from './infra'

/** npm run docs [-- --check]: writes what is derived from contracts, saga tables and routes, or tells what is stale. */
async function main(flags: string[]): Promise<void> {
  const published = await publishedDocuments()
  const all = [...documents(), ...published, clientFile(published)]
  const stale = all.filter(({ path, content }) => contentOf(path) !== content)
  if (flags.includes('--check') && stale.length > 0)
    throw new Error(`stale, run npm run docs: ${stale.map(({ path }) => path).join(', ')}`)
  for (const { path, content } of stale) {
    mkdirSync(dirname(join(cloneRoot, path)), { recursive: true })
    writeFileSync(join(cloneRoot, path), content)
  }
}

main(process.argv.slice(2)).catch(fail)
