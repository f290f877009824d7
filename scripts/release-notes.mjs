// node scripts/release-notes.mjs 1.2.3: that version's part of CHANGELOG.md. Plain JavaScript: a release installs nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const version = process.argv[2] ?? ''
const changelog = readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8')
const part = changelog.split(/^## /m).find((text) => text.split(/[\s—–-]/)[0] === version)
if (!version || part === undefined) {
  process.stderr.write(`CHANGELOG.md has no part for version "${version}"\n`)
  process.exit(1)
}
process.stdout.write(`${part.slice(part.indexOf('\n') + 1).trim()}\n`)
