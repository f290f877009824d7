import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { testServers } from '../test-servers'
import type { NamedTest } from './protections'

/** `lost`: it did not run, which is neither. */
export type Colour = 'green' | 'red' | 'lost'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const quoted = (title: string): string => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Runs just these tests on the sources in `folder`. */
export async function runTests(folder: string, tests: readonly NamedTest[]): Promise<(test: NamedTest) => Colour> {
  const reportFile = join(folder, 'report.json')
  rmSync(reportFile, { force: true })
  const names = tests.map(({ title }) => `${quoted(title)}$`).join('|')
  const files = [...new Set(tests.map(({ file }) => join(folder, file)))]
  const args = ['--json', `--outputFile=${reportFile}`, '-t', names, '--runTestsByPath', ...files]
  const jest = spawn(process.execPath, [join(folder, 'node_modules/jest/bin/jest.js'), ...args], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, ...testServers() },
  })
  await new Promise((resolve) => jest.once('exit', resolve))
  const report: Report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : { testResults: [] }
  return (test) => colourOf(report, join(folder, test.file), test.title)
}

function colourOf({ testResults }: Report, file: string, title: string): Colour {
  const results = testResults.filter(({ name }) => name === file).flatMap(({ assertionResults }) => assertionResults)
  const status = results.find(({ fullName }) => fullName.endsWith(title))?.status
  return status === 'passed' ? 'green' : status === 'failed' ? 'red' : 'lost'
}
