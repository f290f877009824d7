import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** When this process began, or undefined when nothing lives under the pid. Tells a recycled pid from the first one. */
export function beginningOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined
  }
  try {
    // The command's name, in parentheses, may itself hold blanks and parentheses
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return 'ZX'.includes(state) ? undefined : `${bootId()}/${rest[18]}`
  } catch {
    return undefined
  }
}

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)

/** What /proc says, or nothing about a process that has ended or belongs to somebody else. */
function read<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

const workingDirectory = (pid: string) => read(() => readlinkSync(`/proc/${pid}/cwd`))
const home = (pid: string) =>
  read(() => /(?:^|\0)HOME=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1])
const executable = (pid: string) => read(() => basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '')))

/** Servers, and children of servers, that live in this directory, whoever their parent is by now. */
export function processesOf(directory: string, executables: string[]): number[] {
  if (process.platform !== 'linux') return []
  const isInside = (path?: string) => `${path}/`.startsWith(`${directory}/`)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => executables.includes(executable(pid) ?? ''))
    .filter((pid) => isInside(workingDirectory(pid)) || isInside(home(pid)))
    .map(Number)
}
