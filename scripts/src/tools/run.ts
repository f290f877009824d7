import { type SpawnSyncOptions, spawnSync } from 'node:child_process'

/** Runs a program to its end. Throws with what it said when it fails; answers what it wrote. */
export function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    ...options,
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${[command, ...args].join(' ').slice(0, 300)} failed:\n${stdout}${stderr}`)
  return String(stdout)
}
