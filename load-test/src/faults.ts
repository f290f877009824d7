import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '@order-saga/scripts/fail'
import { help, type Options, readOptions } from './faults/options'
import { reportHtml } from './faults/report/html'
import { judgementTable } from './faults/report/table'
import { Interrupted, Run } from './faults/run'
import { commandLine } from './report/command-line'
import { UsageError } from './usage-error'

const EX_USAGE = 64
const EX_INTERRUPTED = 130

const say = (text: string) => void process.stdout.write(`${text}\n`)

/** npm run faults: see `--help`. */
async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options === 'help') return say(help)
  const command = commandLine('faults', args, options.seed)
  // a run that goes on has its own seed
  say(options.isResumed ? `going on in ${options.directory}` : `seed ${options.seed}, report in ${options.directory}`)
  const run = await Run.open(options, command)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.interrupt())
  let isOver = true
  try {
    await runToTheEnd(run, options)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    isOver = false
    say(`interrupted; npm run faults -- --resume ${options.directory} goes on`)
    process.exitCode = EX_INTERRUPTED
  } finally {
    await run.close({ isOver })
  }
}

async function runToTheEnd(run: Run, { directory }: Options): Promise<void> {
  const judgement = await run.judge()
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(judgement, null, 2)}\n`)
  writeFileSync(join(directory, 'report.html'), reportHtml(judgement))
  say(judgementTable(judgement))
  say(join(directory, 'report.html'))
  process.exitCode = judgement.isPassed ? 0 : 1
}

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof UsageError)) return fail(error)
  process.stderr.write(`${error.message}\n`)
  process.exitCode = EX_USAGE
})
