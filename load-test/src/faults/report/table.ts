import type { Judgement } from '../judgement'

type Row = readonly (string | number)[]

/** Columns of text, the first to the left, the others to the right. */
function columns(rows: readonly Row[]): string[] {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => String(row[n]).length)))
  return rows.map((row) =>
    row
      .map((cell, n) => (n === 0 ? String(cell).padEnd(widths[n] ?? 0) : String(cell).padStart(widths[n] ?? 0)))
      .join('  '),
  )
}

const mark = (isGood: boolean) => (isGood ? '✓' : '✗')

/** The judgement for a terminal. */
export function judgementTable({ kinds, counters, promises, growth, audit, wrongs, state }: Judgement): string {
  const sections: [string, Row[]][] = [
    ['faults', kinds.map(({ kind, struck, planned }) => [kind, `${struck}/${planned}`])],
    [
      'dangerous windows reached',
      counters.map(({ name, reached, minimum, isShort }) => [`${mark(!isShort)} ${name}`, reached, `≥ ${minimum}`]),
    ],
    ['promises', promises.map(({ says, measured, isKept }) => [`${mark(isKept)} ${says}`, measured])],
    ['growth', growth.map(({ what, from, to, isTooMuch }) => [`${mark(!isTooMuch)} ${what}`, from, to])],
    [
      'audit',
      audit.invariants.map(({ id, says, checked, violationCount, notChecked }) => [
        `${mark(violationCount === 0)} ${id} ${says}`,
        notChecked ? 'not checked' : `${checked} checked`,
        `${violationCount} violations`,
      ]),
    ],
  ]
  const shown = sections
    .filter(([, rows]) => rows.length > 0)
    .map(
      ([title, rows]) =>
        `\n${title}\n${columns(rows)
          .map((line) => `  ${line}`)
          .join('\n')}`,
    )
  const verdict = wrongs.length === 0 ? 'passed' : `FAILED\n${wrongs.map((wrong) => `  ${wrong}`).join('\n')}`
  return `${shown.join('\n')}\n\nseed ${state.seed}, commit ${state.commit}: ${verdict}\n`
}
