export interface CsvRecord {
  /** Where it begins; a field in quotes may go on over several lines. */
  readonly line: number
  readonly fields: readonly string[]
}

// a field in quotes, or a bare one, and what ends it
const FIELD = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<bare>[^",\r\n]*))(?<end>,|\r?\n|$)/y

/** Comma separated values as RFC 4180 has them, with or without a byte order mark. Empty lines are none. */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let fields: string[] = []
  let line = 1
  let begun = 1
  FIELD.lastIndex = text.startsWith('\ufeff') ? 1 : 0
  while (FIELD.lastIndex < text.length || fields.length > 0) {
    const [whole, { quoted, bare = '', end }] = nextField(text, line)
    fields.push(quoted?.replaceAll('""', '"') ?? bare)
    line += whole.split('\n').length - 1
    if (end === ',') continue
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begun, fields })
    fields = []
    begun = line
  }
  return records
}

function nextField(text: string, line: number): [string, { quoted?: string; bare?: string; end?: string }] {
  const { 0: whole, groups } = FIELD.exec(text) ?? { 0: undefined }
  if (whole === undefined) throw new Error(`line ${line}: a quote is not closed, or stands inside a field`)
  return [whole, groups ?? {}]
}
