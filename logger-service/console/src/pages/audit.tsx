import { useState } from 'preact/hooks'
import type { Audit, Audits } from '../api/answers'
import { ask } from '../api/ask'
import { useAnswer } from '../api/use-answer'
import { Badge, Moment } from '../parts/bits'
import { Answered, Empty } from '../parts/states'
import { auditVerdict } from '../view/audit-verdict'
import { duration } from '../view/durations'

export function AuditPage() {
  const [isWatching, setIsWatching] = useState(false)
  const audits = useAnswer<Audits>('/audits', isWatching ? 1_000 : 15_000)
  const [trouble, setTrouble] = useState<string | null>(null)
  const isRunning = audits.data?.audits.some(({ endedAt }) => endedAt === null) ?? false
  if (audits.data && isRunning !== isWatching) setIsWatching(isRunning)
  const run = async () => {
    setTrouble(null)
    try {
      await ask('/audits', { body: {} })
      setIsWatching(true)
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error))
    }
    audits.reload()
  }
  return (
    <>
      <h1>Audit</h1>
      <p class="dim">
        An auditor that shares no code with the services compares their databases, the payment provider's ledger, the
        mails and the broker, and says which promise is broken.
      </p>
      <p class="row">
        <button type="button" class="primary" onClick={run} disabled={isRunning}>
          {isRunning ? 'Running …' : 'Run the audit'}
        </button>
      </p>
      {trouble && (
        <p class="banner trouble" role="alert">
          {trouble}
        </p>
      )}
      <Answered answer={audits}>
        {({ audits: list }) =>
          list.length === 0 ? <Empty>No audit has been run yet.</Empty> : <History audits={list} />
        }
      </Answered>
    </>
  )
}

function History({ audits: [latest, ...before] }: { audits: readonly Audit[] }) {
  return (
    <>
      <div role="status">{latest && <AuditCard audit={latest} isLatest />}</div>
      {before.length > 0 && <h2>Before</h2>}
      {before.map((audit) => (
        <AuditCard key={audit.id} audit={audit} />
      ))}
    </>
  )
}

const tones = { clean: 'good', violated: 'bad', failed: 'warn' } as const

function AuditCard({ audit, isLatest = false }: { audit: Audit; isLatest?: boolean }) {
  const { verdict, violations, violationCount, startedAt, tookMs, by } = audit
  const took = tookMs === null ? '' : `, took ${duration(tookMs)}`
  return (
    <article class={isLatest ? 'card audit latest' : 'card audit'}>
      <p class="row tight">
        {verdict ? <Badge tone={tones[verdict]}>{verdict}</Badge> : <Badge tone="plain">running</Badge>}
        <strong>{auditVerdict(audit)}</strong>
      </p>
      <p class="dim">
        <Moment at={startedAt} />
        {took}, asked for by <span class="mono">{by}</span>
      </p>
      {violations.length > 0 && (
        <ul class="violations">
          {violations.map(({ invariant, text }) => (
            <li key={`${invariant}${text}`}>
              <strong>{invariant}</strong> {text}
            </li>
          ))}
          {violationCount > violations.length && <li class="dim">and {violationCount - violations.length} more</li>}
        </ul>
      )}
    </article>
  )
}
