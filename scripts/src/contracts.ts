import { defaultBase, publishedAt } from './contracts/baseline'
import { breaksBetween } from './contracts/breaks'
import { lintDocuments } from './contracts/lint'
import { contentOf, publishedDocuments } from './docs/documents'
import { fail } from './fail'

const USAGE = `npm run contracts [-- --base REVISION]

Checks docs/openapi/*.json and docs/asyncapi.yaml: that they say what the code says, keep the rules of redocly.yaml, and break
nobody who goes by those of REVISION. Unless given that is the last release, or where this branch left main.`

function baseOf(args: readonly string[]): string | undefined {
  const [flag, revision, ...rest] = args
  if (flag === undefined) return defaultBase()
  if (flag !== '--base' || !revision || rest.length > 0) throw new Error(USAGE)
  return revision
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return console.log(USAGE)
  const base = baseOf(args)
  const documents = await publishedDocuments()
  const stale = documents.filter(({ path, content }) => contentOf(path) !== content)
  const current = new Map(documents.map(({ path, content }) => [path, content]))
  const wrong = [
    ...stale.map(({ path }) => `${path} is stale: npm run docs`),
    ...(await lintDocuments(documents.map(({ path }) => path))),
    ...(base === undefined ? [] : breaksBetween(publishedAt(base), current)),
  ]
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  console.log(`${documents.length} published documents are right, and break nothing since ${base ?? 'ever'}`)
}

main(process.argv.slice(2)).catch(fail)
