import { existsSync, readFileSync } from 'node:fs'

export class InfraError extends Error {
  constructor(
    message: string,
    readonly logFile?: string,
  ) {
    super(message)
  }
}

/** Something outside the project has to change first: a port, a package, a directory. */
export class Unavailable extends InfraError {}

export function tailOf(logFile: string, lines = 20): string {
  if (!existsSync(logFile)) return ''
  const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines)
  return `${logFile}\n${tail.map((line) => `  ${line}`).join('\n')}\n`
}
