export type Row = readonly (string | number)[]

/** Columns of text, the first to the left, the others to the right. */
export function columns(rows: readonly Row[]): string[] {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => String(row[n]).length)))
  return rows.map((row) =>
    row
      .map((cell, n) => (n === 0 ? String(cell).padEnd(widths[n] ?? 0) : String(cell).padStart(widths[n] ?? 0)))
      .join('  '),
  )
}

export const mark = (isGood: boolean) => (isGood ? '✓' : '✗')

/** Titles with their columns beneath, those without a row left out. */
export function sections(parts: readonly (readonly [title: string, rows: readonly Row[]])[]): string {
  return parts
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => [`\n${title}`, ...columns(rows).map((line) => `  ${line}`)].join('\n'))
    .join('\n')
}
