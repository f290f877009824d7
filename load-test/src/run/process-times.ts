import { readdirSync, readFileSync } from 'node:fs'

export interface KnownProcess {
  readonly name: string
  readonly pid: number
}

/** Processor seconds by name. */
export type ProcessorSeconds = Readonly<Record<string, number>>

// what /proc counts in, whatever the kernel's own clock is
const TICKS_PER_S = 100

/**
 * What each of these has used so far, with all its children, those that have ended included. undefined where the
 * operating system does not tell (/proc is Linux's), or nobody knows the processes.
 */
export function processorSeconds(processes: readonly KnownProcess[]): ProcessorSeconds | undefined {
  if (process.platform !== 'linux' || processes.length === 0) return undefined
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => read(Number(pid)))
  return Object.fromEntries(processes.map(({ name, pid }) => [name, ticksOf(pid, stats) / TICKS_PER_S]))
}

export interface Stat {
  readonly pid: number
  readonly parent: number
  /** Its own and those of the children it has buried. */
  readonly ticks: number
}

function read(pid: number): Stat[] {
  try {
    return [readStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))]
  } catch {
    return [] // it has just ended
  }
}

/** proc(5): the command's name, in parentheses, may itself hold blanks and parentheses. */
export function readStat(pid: number, line: string): Stat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
  return { pid, parent: Number(fields[1]), ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0) }
}

export function ticksOf(pid: number, stats: readonly Stat[]): number {
  const own = stats.find((stat) => stat.pid === pid)?.ticks ?? 0
  return stats.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + ticksOf(child.pid, stats), own)
}

export const difference = (before: ProcessorSeconds, after: ProcessorSeconds): ProcessorSeconds =>
  Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))
