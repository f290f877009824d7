import { parseArgs } from 'node:util'
import { audit, SourceUnreachable, whenQuiet } from './audit/index'
import { tableOf } from './audit/table'
import { dim, green, red } from './demo/say'
import { fail } from './fail'
import { auditSources } from './shop/audit-sources'

const HELP = `npm run audit [-- options]: does the running shop keep its promises?

Asks databases, payment provider, mail server and broker, and believes no service.

  --observations FILE  what clients saw, a JSON object a line (checks T1, T3, C1)
  --wait S             seconds to wait for everything in flight to end (30)
  --json               the report for machines
  --help

Exits 0 without a violation, 1 with any, 2 when a source cannot be asked.
`

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      observations: { type: 'string' },
      wait: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(HELP)
  const { expectations, ...rest } = auditSources()
  const { observations } = values
  const sources = { ...rest, expectations: { ...expectations, ...(observations && { observations }) } }
  await whenQuiet(sources, { waitMs: Number(values.wait) * 1000, say: (line) => process.stderr.write(`${line}\n`) })
  const report = await audit(sources)
  const shown = values.json ? JSON.stringify(report, null, 2) : tableOf(report, { good: green, bad: red, faint: dim })
  process.stdout.write(`${shown}\n`)
  process.exitCode = report.violationCount > 0 ? 1 : 0
}

main(process.argv.slice(2)).catch((error: unknown) => {
  fail(error)
  if (error instanceof SourceUnreachable) process.exitCode = 2
})
