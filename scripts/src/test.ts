import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from './fail'
import { cloneRoot, installBrowser } from './infra'
import { testServers, withServers } from './test-servers'

interface JestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly numRuntimeErrorTestSuites: number
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

const { TEST_BROWSER, TEST_CRASH_POINTS, TEST_SPECIALS, TEST_THOROUGH } = process.env

/** npm test [jest arguments]: every level against real servers, and at last what needs the machine to itself. */
async function main(args: string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-test-'))
  const isWhole = args.length === 0 && !TEST_SPECIALS && !TEST_CRASH_POINTS && !TEST_BROWSER
  try {
    if (TEST_BROWSER || TEST_THOROUGH) await installBrowser(say)
    let [passed, failed] = [0, 0]
    for (const part of isWhole ? ['together', 'alone'] : ['']) {
      const report = await runJest(args, join(directory, `${part}report.json`), { TEST_PART: part })
      passed += report.numPassedTests
      failed += report.numFailedTests + report.numRuntimeErrorTestSuites
    }
    say(`${passed} passed, ${failed} failed`)
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function runJest(args: string[], outputFile: string, env: NodeJS.ProcessEnv): Promise<JestReport> {
  const jest = spawn(
    process.execPath,
    [join(cloneRoot, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`, ...args],
    {
      cwd: cloneRoot,
      // --json prints the report to stdout as well
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...testServers(), ...env },
    },
  )
  await new Promise((resolve) => jest.once('exit', resolve))
  return JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport
}

withServers(say, () => main(process.argv.slice(2))).catch(fail)
