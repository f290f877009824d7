import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// 90 s and what starting everything takes, on a machine that others use as well
const WITHIN_MS = 600_000

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'order-saga-faults-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function faults(...args: string[]): Promise<{ code: number | null; output: string }> {
  const script = join(__dirname, '../../dist/faults.js')
  const child = spawn(process.execPath, [script, ...args, '--report', directory])
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output: Buffer.concat(output).toString() }
}

test(
  'fifteen faults while 300 orders are placed: every promise is kept, every dangerous window was reached',
  async () => {
    const { code, output } = await faults('--quick', '--seed', '7')
    expect(`${output}\nexit ${code}`).toMatch(/exit 0$/)
    expect(JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'))).toMatchObject({
      isPassed: true,
      wrongs: [],
    })
    expect(existsSync(join(directory, 'report.html'))).toBe(true)
  },
  WITHIN_MS,
)
