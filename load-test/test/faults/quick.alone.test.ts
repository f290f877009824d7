import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faults } from './fault-runs'

// 90 s and what starting everything takes, on a machine that others use as well
const WITHIN_MS = 600_000

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'order-saga-faults-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test(
  'fifteen faults while 300 orders are placed: every promise is kept, every dangerous window was reached',
  async () => {
    const { code, output } = await faults(['--quick', '--seed', '7', '--report', directory])
    expect(`${output}\nexit ${code}`).toMatch(/exit 0$/)
    expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))).toMatchObject({
      isPassed: true,
      wrongs: [],
    })
    expect(existsSync(join(directory, 'report.html'))).toBe(true)
  },
  WITHIN_MS,
)
