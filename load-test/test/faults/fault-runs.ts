import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs the compiled command; `heard` may act on what it has said so far. */
export async function faults(
  args: readonly string[],
  heard?: (output: string, child: ChildProcess) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(__dirname, '../../dist/faults.js'), ...args])
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      heard?.(output, child)
    })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output }
}
