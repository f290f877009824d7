const LEVELS: Record<number, string> = { 20: 'debug', 30: '', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' }

// said by the prefix or of no use to a reader
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'service', 'msg', 'reqId'])

/** A pino line for people: what happened, then its fields. Anything else is shown as it is. */
export function logLine(line: string): string {
  const entry = parse(line)
  if (!entry) return line
  const fields = Object.entries(entry)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== '' && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
  return [LEVELS[Number(entry.level)] ?? '', String(entry.msg ?? ''), ...fields].filter((part) => part !== '').join(' ')
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
