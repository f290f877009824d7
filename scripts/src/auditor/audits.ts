import { type Id, type Log, newId, Problem } from '@order-saga/common'
import { type AuditReport, type AuditSources, audit, SourceUnreachable, whenQuiet } from '../audit/index'

/** One run of the auditor, as far as it has come. */
export interface AuditRun {
  readonly id: Id
  readonly startedAt: string
  /** null: it runs. */
  readonly endedAt: string | null
  /** null: it runs, or could not be made. */
  readonly report: AuditReport | null
  /** Why it could not be made. */
  readonly why: string | null
}

export interface AuditsOptions {
  readonly sources: () => AuditSources
  /** For everything in flight to end. */
  readonly waitMs: number
  readonly log: Log
}

// whoever wants more of the past has it written down
const REMEMBERED = 20

/** Runs the audit of `npm run audit`, one at a time, and remembers the last ones. */
export class Audits {
  readonly #runs = new Map<Id, AuditRun>()
  #running: Promise<void> | undefined

  constructor(private readonly options: AuditsOptions) {}

  begin(): AuditRun {
    if (this.#running) throw new Problem(409, 'audit-running', 'One audit at a time: ask again when it has ended.')
    const run = { id: newId(), startedAt: new Date().toISOString(), endedAt: null, report: null, why: null }
    this.#keep(run)
    this.#running = this.#make(run).finally(() => {
      this.#running = undefined
    })
    return run
  }

  find(id: Id): AuditRun | undefined {
    return this.#runs.get(id)
  }

  async #make(run: AuditRun): Promise<void> {
    const { log } = this.options
    const ended = await this.#audit().catch((error: unknown) => {
      log.warn({ err: error }, 'the audit could not be made')
      const source = error instanceof SourceUnreachable ? `${error.source} cannot be asked` : 'the auditor failed'
      return { report: null, why: source }
    })
    this.#keep({ ...run, ...ended, endedAt: new Date().toISOString() })
    log.info({ audit: run.id, violations: ended.report?.violationCount }, 'audit ended')
  }

  async #audit() {
    const { waitMs, log } = this.options
    const sources = this.options.sources()
    await whenQuiet(sources, { waitMs, say: (line) => log.info({}, line) })
    return { report: await audit(sources), why: null }
  }

  #keep(run: AuditRun): void {
    this.#runs.set(run.id, run)
    const [oldest] = this.#runs.keys()
    if (this.#runs.size > REMEMBERED && oldest) this.#runs.delete(oldest)
  }
}
