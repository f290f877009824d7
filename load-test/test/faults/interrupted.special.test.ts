import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faults } from './fault-runs'

const EX_INTERRUPTED = 130

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'order-saga-faults-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('a run that is interrupted between two faults ends in good order, and the run that resumes it passes', async () => {
  const size = ['--kind', 'freeze-service', '--kind', 'close-channel', '--orders', '120', '--rate', '4', '--seed', '3']
  const interrupted = await faults([...size, '--report', directory], (output, child) => {
    if (/healed after/.test(output)) child.kill('SIGINT')
  })
  expect(`${interrupted.output}\nexit ${interrupted.code}`).toMatch(
    new RegExp(`interrupted; .*\\nexit ${EX_INTERRUPTED}$`, 's'),
  )
  const before = JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8'))
  const resumed = await faults(['--resume', directory])
  expect(`${resumed.output}\nexit ${resumed.code}`).toMatch(/exit 0$/)
  const { state, isPassed } = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))
  expect(isPassed).toBe(true)
  expect(state.faults.slice(0, before.faults.length)).toEqual(before.faults)
  expect(state.begun).toBeGreaterThan(before.begun)
  expect(existsSync(join(directory, 'report.html'))).toBe(true)
}, 600_000)
