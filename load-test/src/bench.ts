import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail } from '@order-saga/scripts/fail'
import { cloneRoot } from '@order-saga/scripts/infra'
import { figuresText } from './bench/document'
import { runSeries } from './bench/series'
import { machineNow } from './run/result'
import { millisecondsOf } from './run/span'
import { UsageError } from './usage-error'

const EX_USAGE = 64
const DOCUMENT = 'docs/performance.md'
const MARKED = /(?<=<!-- bench -->\n)[\s\S]*(?=<!-- \/bench -->)/

const say = (text: string) => void process.stdout.write(`${text}\n`)

const help = `npm run bench -- [options]

Measures this shop and beside it the saga as tutorials write it (load-test/baseline), in turn, on the same servers, and
writes what came out into ${DOCUMENT}. Takes about eight minutes; wants the machine to itself.

  --repetitions NUMBER  each system so many times (3)
  --duration TIME       of one measurement (20s)
  --dry                 says the figures and writes nothing
  --help                this
`

/** npm run bench: see `--help`. */
async function main(args: string[]): Promise<void> {
  const { repetitions, durationMs, isDry, isHelp } = readOptions(args)
  if (isHelp) return say(help)
  const machine = machineNow()
  const all = await runSeries({ repetitions, durationMs, say })
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const text = figuresText({ command, machine, durationMs, repetitions, all })
  if (isDry) return say(text)
  const file = join(cloneRoot, DOCUMENT)
  const document = readFileSync(file, 'utf8')
  if (!MARKED.test(document))
    throw new Error(`${DOCUMENT} has no place for the figures: <!-- bench --> … <!-- /bench -->`)
  writeFileSync(
    file,
    document.replace(MARKED, () => `${text}\n`),
  )
  say(DOCUMENT)
}

function readOptions(args: string[]) {
  const { values } = parsed(args)
  const repetitions = Number(values.repetitions)
  const durationMs = millisecondsOf(values.duration)
  if (!Number.isInteger(repetitions) || repetitions < 1) throw new UsageError('--repetitions is a whole number from 1')
  if (durationMs === undefined) throw new UsageError('--duration is a time such as 20s')
  return { repetitions, durationMs, isDry: values.dry, isHelp: values.help }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        repetitions: { type: 'string', default: '3' },
        duration: { type: 'string', default: '20s' },
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
