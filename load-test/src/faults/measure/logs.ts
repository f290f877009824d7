import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from './lines'

/** What services said of their connections to the broker, and PostgreSQL of deadlocks. */
export interface LogCounts {
  channelsClosed: number
  consumersCancelled: number
  heartbeatsMissed: number
  blocked: number
  deadlocks: number
  crashes: number
}

const patterns: Readonly<Record<Exclude<keyof LogCounts, 'deadlocks'>, RegExp>> = {
  channelsClosed: /"reason":"Channel closed by server.*"msg":"broker session ended"/,
  consumersCancelled: /"reason":"consumer cancelled by the broker".*"msg":"broker session ended"/,
  heartbeatsMissed: /"reason":"[^"]*[Hh]eartbeat[^"]*".*"msg":"broker session ended"/,
  blocked: /"msg":"broker blocks publishers"/,
  crashes: /unhandled ?rejection|uncaught ?exception/i,
}

export const logFilesIn = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(directory, name))

export async function readLogs(directory: string, postgresLog: string): Promise<LogCounts> {
  const counts: LogCounts = {
    channelsClosed: 0,
    consumersCancelled: 0,
    heartbeatsMissed: 0,
    blocked: 0,
    deadlocks: 0,
    crashes: 0,
  }
  for (const file of logFilesIn(directory))
    for await (const line of linesOf(file))
      for (const [name, pattern] of Object.entries(patterns))
        if (pattern.test(line)) counts[name as keyof typeof patterns]++
  for await (const line of linesOf(postgresLog)) if (/deadlock detected/.test(line)) counts.deadlocks++
  return counts
}
