import type { Audit } from '../api/answers'

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

export function auditVerdict({ verdict, violationCount, checked, notChecked, why }: Audit): string {
  const held = counted(checked, 'invariant was', 'invariants were')
  const unseen = notChecked > 0 ? `, ${notChecked} could not be checked` : ''
  if (verdict === null) return 'The auditor is at work.'
  if (verdict === 'failed') return `The audit could not be finished${why ? `: ${why}` : ''}.`
  if (verdict === 'clean') return `No violation: ${held} checked${unseen}.`
  return `${counted(violationCount, 'violation', 'violations')}; ${held} checked${unseen}.`
}
