import type { AuditReport, InvariantReport } from './report'

/** Paints a text in a terminal, or leaves it as it is. */
export type Paint = (text: string) => string

export interface Colours {
  readonly good: Paint
  readonly bad: Paint
  readonly faint: Paint
}

/** The report for people: a line for each invariant, what breaks it beneath. */
export function tableOf({ invariants, violationCount, tookMs }: AuditReport, colours: Colours): string {
  const lines = invariants.flatMap((one) => linesOf(one, colours))
  return [...lines, '', verdictOf({ invariants, violationCount, tookMs }, colours)].join('\n')
}

/** The report in one line. */
export function verdictOf({ invariants, violationCount, tookMs }: AuditReport, { good, bad }: Colours): string {
  const skipped = invariants.filter(({ notChecked }) => notChecked !== undefined).length
  const kept = invariants.filter((one) => one.violationCount === 0).length - skipped
  const rest = `${kept} invariants hold, ${skipped} not checked, ${(tookMs / 1000).toFixed(1)} s`
  return violationCount === 0
    ? good(`Audit: no violation; ${rest}`)
    : bad(`Audit: ${violationCount} violations; ${rest}`)
}

function linesOf(one: InvariantReport, { good, bad, faint }: Colours): string[] {
  const { id, says, checked, violations, violationCount, notChecked } = one
  const more = violationCount - violations.length
  if (violationCount > 0)
    return [
      `${bad('✗')} ${id}  ${says} ${faint(`(${checked})`)}`,
      ...violations.map((violation) => `      ${bad(violation)}`),
      ...(more > 0 ? [`      ${bad(`and ${more} more`)}`] : []),
    ]
  if (notChecked !== undefined) return [`${faint('–')} ${id}  ${says} ${faint(`(not checked: ${notChecked})`)}`]
  return [`${good('✓')} ${id}  ${says} ${faint(`(${checked})`)}`]
}
