import { type CsvRecord, parseCsv } from './csv'

/** One product of a file. */
export interface Line {
  /** For people: `line 7` of CSV, `item 7` of JSON. */
  readonly place: string
  readonly body: Readonly<{ [field: string]: unknown }>
  /** Why it is not even sent. */
  readonly fault?: string
}

const COLUMNS = ['sku', 'name', 'description', 'category', 'priceMinor', 'available']
const NUMBERS = new Set(['priceMinor', 'available'])
const OPTIONAL = new Set(['description', 'available'])

/** Reads a file by its ending. Throws where it makes no sense as a whole; what is wrong with one line stands there. */
export function linesOf(file: string, text: string): Line[] {
  const ending = /\.(csv|json)$/i.exec(file)?.[1]?.toLowerCase()
  if (ending === undefined) throw new Error(`${file} is neither .csv nor .json`)
  return withoutRepeats(ending === 'csv' ? ofCsv(text) : ofJson(text))
}

function ofCsv(text: string): Line[] {
  const [header, ...records] = parseCsv(text)
  const columns = header?.fields ?? []
  const missing = COLUMNS.filter((column) => !OPTIONAL.has(column) && !columns.includes(column))
  const unknown = columns.filter((column) => !COLUMNS.includes(column))
  if (missing.length > 0) throw new Error(`the first line names the columns; missing: ${missing.join(', ')}`)
  if (unknown.length > 0 || new Set(columns).size < columns.length)
    throw new Error(`columns are ${COLUMNS.join(', ')}, each once, not ${unknown.join(', ') || columns.join(', ')}`)
  return records.map((record) => lineOf(columns, record))
}

function lineOf(columns: readonly string[], { line, fields }: CsvRecord): Line {
  const place = `line ${line}`
  if (fields.length !== columns.length)
    return { place, body: {}, fault: `${fields.length} fields where there are ${columns.length} columns` }
  const pairs = columns.map((column, at) => [column, cellOf(column, fields[at] ?? '')])
  return { place, body: Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) }
}

/** What is no whole number stays text, which the shop refuses in its own words. */
function cellOf(column: string, field: string): string | number | undefined {
  if (field === '' && OPTIONAL.has(column)) return undefined
  return NUMBERS.has(column) && /^-?\d{1,15}$/.test(field) ? Number(field) : field
}

function ofJson(text: string): Line[] {
  const items: unknown = JSON.parse(text)
  if (!Array.isArray(items)) throw new Error('a JSON file holds a list of products')
  return items.map((item: unknown, at) => {
    const place = `item ${at + 1}`
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item)
    return isObject ? { place, body: { ...item } } : { place, body: {}, fault: 'is no product' }
  })
}

/** Lines are sent several at a time: which of two with one SKU came last would be chance. */
function withoutRepeats(lines: readonly Line[]): Line[] {
  const firsts = new Map<unknown, string>()
  return lines.map((line) => {
    const { sku } = line.body
    const first = firsts.get(sku)
    if (sku === undefined || line.fault) return line
    if (first !== undefined) return { ...line, fault: `SKU ${sku} stands in ${first} already` }
    firsts.set(sku, line.place)
    return line
  })
}
