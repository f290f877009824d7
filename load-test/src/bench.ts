import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail } from '@order-saga/scripts/fail'
import { cloneRoot } from '@order-saga/scripts/infra'
import { figuresText } from './bench/document'
import { withRows } from './bench/rows'
import { runSeries } from './bench/series'
import { PAST_ORDERS, type StepName, stepNames, stepsOf } from './bench/steps'
import { commit } from './report/commit'
import { machineNow } from './run/result'
import { millisecondsOf } from './run/span'
import { UsageError } from './usage-error'

const EX_USAGE = 64
const DOCUMENT = 'docs/performance.md'
const SERIES = /(?<=<!-- bench -->\n)[\s\S]*(?=<!-- \/bench -->)/
const STEPS = /(?<=<!-- bench: steps -->\n)[\s\S]*(?=<!-- \/bench: steps -->)/

const say = (text: string) => void process.stdout.write(`${text}\n`)

const help = `npm run bench -- [options]

Measures this shop and beside it the saga as tutorials write it (load-test/baseline), in turn, on the same servers, and
writes what came out into ${DOCUMENT}. Takes about eight minutes; wants the machine to itself.

  --repetitions NUMBER  each system so many times (3)
  --duration TIME       of one measurement (20s)
  --steps NAMES         not that, but these, with commas between them, or all of them but growth:
${stepNames.map((name) => `                          ${name.padEnd(9)} ${stepsOf()[name].about}`).join('\n')}
  --past-orders NUMBER  before the last measurement of growth (${PAST_ORDERS})
  --dry                 says the figures and writes nothing
  --help                this
`

/** npm run bench: see `--help`. */
async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options.isHelp) return say(help)
  if (options.steps.length > 0) return measureSteps(options)
  const { repetitions, durationMs, isDry } = options
  const machine = machineNow()
  const all = await runSeries({ repetitions, durationMs, say })
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const text = figuresText({ command, machine, durationMs, repetitions, all })
  if (isDry) say(text)
  else write(SERIES, () => text)
}

/** One after the other; what one has measured is written at once, whatever becomes of the next. */
async function measureSteps({ steps, pastOrders, isDry }: ReturnType<typeof readOptions>): Promise<void> {
  for (const name of steps) {
    say(`${name}: ${stepsOf()[name].about}`)
    const rows = await stepsOf(pastOrders)[name].run(say)
    for (const { what, target, measured, isMet } of rows) say(`  ${isMet ? '✓' : '✗'} ${what}: ${measured} (${target})`)
    if (!isDry) write(STEPS, (table) => withRows(table, rows, commit()))
  }
}

function write(marked: RegExp, change: (text: string) => string): void {
  const file = join(cloneRoot, DOCUMENT)
  const document = readFileSync(file, 'utf8')
  if (!marked.test(document)) throw new Error(`${DOCUMENT} has no place for the figures: ${marked.source}`)
  writeFileSync(
    file,
    document.replace(marked, (text) => `${change(text)}\n`),
  )
  say(DOCUMENT)
}

function readOptions(args: string[]) {
  const { values } = parsed(args)
  const [repetitions, pastOrders] = [Number(values.repetitions), Number(values['past-orders'])]
  const durationMs = millisecondsOf(values.duration)
  if (!Number.isInteger(repetitions) || repetitions < 1) throw new UsageError('--repetitions is a whole number from 1')
  if (!Number.isInteger(pastOrders) || pastOrders < 1) throw new UsageError('--past-orders is a whole number from 1')
  if (durationMs === undefined) throw new UsageError('--duration is a time such as 20s')
  const { dry: isDry, help: isHelp } = values
  return { repetitions, durationMs, pastOrders, steps: readSteps(values.steps), isDry, isHelp }
}

function readSteps(text: string | undefined): StepName[] {
  if (text === undefined) return []
  if (text === 'all') return stepNames.filter((name) => name !== 'growth')
  return text.split(',').map((word) => {
    const name = stepNames.find((known) => known === word.trim())
    if (!name) throw new UsageError(`--steps: ${word} is none of ${stepNames.join(', ')}`)
    return name
  })
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        repetitions: { type: 'string', default: '3' },
        duration: { type: 'string', default: '20s' },
        steps: { type: 'string' },
        'past-orders': { type: 'string', default: String(PAST_ORDERS) },
        dry: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof UsageError)) return fail(error)
  process.stderr.write(`${error.message}\n`)
  process.exitCode = EX_USAGE
})
