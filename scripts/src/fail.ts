import { InfraError, tailOf, Unavailable } from './infra'

/** Ends a command with a message for people and, where there is one, the tail of the log that explains it. */
export function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  if (error instanceof InfraError && error.logFile) process.stderr.write(tailOf(error.logFile))
  process.exitCode = error instanceof Unavailable ? 69 : 1
}
