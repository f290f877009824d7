import { type InvariantId, invariants } from './invariants'

export interface InvariantReport {
  readonly id: InvariantId
  readonly says: string
  /** How many orders, products, events, rows … were looked at. */
  readonly checked: number
  /** The first of them. */
  readonly violations: readonly string[]
  readonly violationCount: number
  /** Why this could not be checked. */
  readonly notChecked?: string
}

export interface AuditReport {
  readonly invariants: readonly InvariantReport[]
  /** Of all invariants together. */
  readonly violationCount: number
  readonly tookMs: number
}

const MAX_SHOWN = 20

interface Finding {
  checked: number
  readonly violations: string[]
  violationCount: number
  notChecked?: string
}

/** What an audit has found so far. */
export class Findings {
  readonly #byId = new Map<InvariantId, Finding>()

  checked(id: InvariantId, count: number): void {
    this.#of(id).checked += count
  }

  broken(id: InvariantId, violation: string): void {
    const finding = this.#of(id)
    finding.violationCount += 1
    if (finding.violations.length < MAX_SHOWN) finding.violations.push(violation)
  }

  notChecked(id: InvariantId, why: string): void {
    this.#of(id).notChecked = why
  }

  report(tookMs: number): AuditReport {
    const all = (Object.keys(invariants) as InvariantId[]).map((id) => ({
      id,
      says: invariants[id],
      ...this.#of(id),
    }))
    return { invariants: all, violationCount: all.reduce((sum, one) => sum + one.violationCount, 0), tookMs }
  }

  #of(id: InvariantId): Finding {
    const finding = this.#byId.get(id) ?? { checked: 0, violations: [], violationCount: 0 }
    this.#byId.set(id, finding)
    return finding
  }
}
