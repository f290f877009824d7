import { fail } from '@order-saga/scripts/fail'
import { EX_INTERRUPTED, loadTest } from './run/command'
import type { LoadTestRun } from './run/load-test-run'
import { runningShop } from './run/running-shop'
import { UsageError } from './usage-error'

const EX_USAGE = 64

const say = (text: string) => void process.stdout.write(`${text}\n`)

/** npm run load-test: see `--help`. */
async function main(args: string[]): Promise<void> {
  let isInterrupted = false
  const began = (run: LoadTestRun) =>
    process.on('SIGINT', () => {
      if (isInterrupted) process.exit(EX_INTERRUPTED)
      isInterrupted = true
      say('\nnobody comes in any more; Ctrl-C again ends at once')
      run.stop()
    })
  const code = await loadTest(args, { openShop: () => runningShop(say), say, began })
  process.exitCode = isInterrupted ? EX_INTERRUPTED : code
}

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof UsageError)) return fail(error)
  process.stderr.write(`${error.message}\n`)
  process.exitCode = EX_USAGE
})
