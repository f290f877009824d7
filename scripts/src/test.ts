import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from './fail'
import { addresses, cloneRoot, down, status, up } from './infra'

interface JestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly numRuntimeErrorTestSuites: number
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** npm test [jest arguments]: every level against real servers; starts them when they do not run, and then stops them too. */
async function main(args: string[]): Promise<void> {
  const wasRunning = (await status()).some(({ state }) => state !== 'stopped')
  await up(say)
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-test-'))
  try {
    const report = await runJest(args, join(directory, 'report.json'))
    const { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites } = report
    const failed = numFailedTests + numRuntimeErrorTestSuites
    say(`${passed} passed, ${failed} failed`)
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0
  } finally {
    rmSync(directory, { recursive: true, force: true })
    if (!wasRunning) await down({ volumes: false })
  }
}

async function runJest(args: string[], outputFile: string): Promise<JestReport> {
  const jest = spawn(
    process.execPath,
    [join(cloneRoot, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`, ...args],
    {
      cwd: cloneRoot,
      // --json prints the report to stdout as well
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...testServers() },
    },
  )
  await new Promise((resolve) => jest.once('exit', resolve))
  return JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport
}

function testServers(): NodeJS.ProcessEnv {
  const { postgresAdminUrl, amqpAdminUrl, amqpUrlBase, redisUrl } = addresses()
  return {
    TEST_POSTGRES_ADMIN_URL: postgresAdminUrl,
    TEST_MANAGEMENT_URL: amqpAdminUrl,
    TEST_AMQP_ADDRESS: new URL(amqpUrlBase).host,
    TEST_REDIS_URL: redisUrl,
  }
}

main(process.argv.slice(2)).catch(fail)
