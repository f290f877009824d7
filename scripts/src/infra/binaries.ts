import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const versionsOf = (parent: string, below: string) =>
  (existsSync(parent) ? readdirSync(parent) : [])
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => join(parent, version, below))

// Debian keeps the servers' own programs outside PATH; its /usr/sbin/rabbitmq-server is a wrapper that switches user
const directories = () => [
  ...versionsOf('/usr/lib/postgresql', 'bin'),
  '/usr/lib/rabbitmq/bin',
  ...(process.env.PATH ?? '').split(':'),
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/bin',
]

export const findAll = (program: string): string[] =>
  directories()
    .map((directory) => join(directory, program))
    .filter(isExecutable)

export const find = (program: string): string | undefined => findAll(program)[0]

export function required(program: string): string {
  const path = find(program)
  if (!path) throw new Error(`${program} is not installed`)
  return path
}

export function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /\d+(\.\d+)*/.exec(stdout ?? '')?.[0] ?? ''
}
