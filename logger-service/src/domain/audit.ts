import type { Id } from '@order-saga/common'

/** As the auditor reports it. */
export interface AuditReport {
  readonly invariants: readonly {
    readonly id: string
    readonly says: string
    readonly checked: number
    readonly violations: readonly string[]
    readonly violationCount: number
    readonly notChecked?: string
  }[]
  readonly violationCount: number
  readonly tookMs: number
}

export interface AuditRow {
  readonly id: Id
  readonly by: Id
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly report: AuditReport | null
  readonly why: string | null
}

export type Verdict = 'clean' | 'violated' | 'failed'

/** What became of an audit, without everything it looked at. */
export function summaryOf({ report, ...row }: AuditRow) {
  const invariants = report?.invariants ?? []
  return {
    ...row,
    verdict: verdictOf(row.endedAt, report),
    checked: invariants.filter(({ notChecked }) => notChecked === undefined).length,
    notChecked: invariants.filter(({ notChecked }) => notChecked !== undefined).length,
    violationCount: report?.violationCount ?? 0,
    violations: invariants.flatMap(({ id, violations }) => violations.map((text) => ({ invariant: id, text }))),
    tookMs: report?.tookMs ?? null,
  }
}

/** null: it runs. */
function verdictOf(endedAt: Date | null, report: AuditReport | null): Verdict | null {
  if (!endedAt) return null
  if (!report) return 'failed'
  return report.violationCount === 0 ? 'clean' : 'violated'
}

export const detailsOf = (row: AuditRow) => ({
  ...summaryOf(row),
  invariants: (row.report?.invariants ?? []).map(({ notChecked = null, violations, ...rest }) => ({
    ...rest,
    violations: [...violations],
    notChecked,
  })),
})
