import { writeFileSync } from 'node:fs'
import { commandLine } from '../report/command-line'
import { help } from './help'
import { LoadTestRun } from './load-test-run'
import { readOptions } from './options'
import type { Result } from './result'
import { resultHtml } from './result-html'
import { resultTable } from './result-table'
import type { Shop } from './running-shop'

export const EX_INTERRUPTED = 130

interface Around {
  readonly openShop: () => Promise<Shop>
  readonly say: (text: string) => void
  /** Hears of the run, so that it can be stopped. */
  readonly began?: (run: LoadTestRun) => void
}

/** `npm run load-test` with these arguments. Answers the exit code. */
export async function loadTest(args: readonly string[], { openShop, say, began }: Around): Promise<number> {
  const options = readOptions(args)
  if (options === 'help') {
    say(help)
    return 0
  }
  const command = commandLine('load-test', args, options.seed)
  say(command)
  const run = new LoadTestRun(await openShop(), options, command)
  began?.(run)
  const result = await run.run()
  if (options.jsonFile) writeFileSync(options.jsonFile, `${JSON.stringify(result, null, 2)}\n`)
  if (options.reportFile) writeFileSync(options.reportFile, resultHtml(result))
  say(resultTable(result))
  return exitCodeOf(result)
}

const exitCodeOf = ({ isPassed }: Result): number => (isPassed ? 0 : 1)
