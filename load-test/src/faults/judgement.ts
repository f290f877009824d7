import type { AuditReport } from '@order-saga/scripts/audit'
import type { Happened } from './chaos'
import type { Counter } from './measure/counters'
import type { KeptPromise } from './measure/promises'
import type { Growth, Levels } from './soak'
import type { State } from './state'

/** How often a kind of fault was to strike, and did. */
export interface KindCount {
  readonly kind: string
  readonly planned: number
  readonly struck: number
}

/** Everything a report says. */
export interface Judgement {
  readonly isPassed: boolean
  /** What is wrong, a line each. */
  readonly wrongs: readonly string[]
  readonly state: State
  readonly kinds: readonly KindCount[]
  readonly counters: readonly Counter[]
  readonly promises: readonly KeptPromise[]
  readonly growth: readonly Growth[]
  /** What growth was judged by. */
  readonly levels: readonly Levels[]
  readonly audit: AuditReport
  /** From acceptance to the verdict as customers saw it. */
  readonly endedMs: readonly { readonly atMs: number; readonly tookMs: number }[]
  readonly isQuiet: boolean
}

export function wrongsIn(judgement: Omit<Judgement, 'wrongs' | 'isPassed'>): string[] {
  const { kinds, counters, promises, growth, audit, isQuiet } = judgement
  return [
    ...(isQuiet ? [] : ['the shop did not come to rest']),
    ...kinds
      .filter(({ planned, struck }) => struck < planned)
      .map(({ kind, planned, struck }) => `${kind} struck ${struck} times, not ${planned}`),
    ...counters
      .filter(({ isShort }) => isShort)
      .map(({ name, reached, minimum }) => `too few ${name}: ${reached}, not ${minimum}`),
    ...promises.filter(({ isKept }) => !isKept).map(({ says, measured }) => `broken promise: ${says}: ${measured}`),
    ...growth.filter(({ isTooMuch }) => isTooMuch).map(({ what, from, to }) => `${what} grew from ${from} to ${to}`),
    ...audit.invariants.flatMap(({ id, violations, violationCount }) =>
      violationCount > 0 ? [`${id}: ${violationCount} violations, the first: ${violations[0]}`] : [],
    ),
  ]
}

export function countKinds(planned: readonly { readonly kind: string }[], faults: readonly Happened[]): KindCount[] {
  const times = (some: readonly { kind: string }[], kind: string) => some.filter((one) => one.kind === kind).length
  const struck = faults.filter(({ hasStruck }) => hasStruck)
  return [...new Set(planned.map(({ kind }) => kind))]
    .sort()
    .map((kind) => ({ kind, planned: times(planned, kind), struck: times(struck, kind) }))
}
