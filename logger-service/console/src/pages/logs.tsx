import type { LogLine, LogLines } from '../api/answers'
import { pathOf } from '../api/ask'
import { useAnswer } from '../api/use-answer'
import { Badge, Json, Moment } from '../parts/bits'
import { LogFilters } from '../parts/log-filters'
import { Answered, Empty } from '../parts/states'
import { type Address, addressOf } from '../view/address'

const names = ['service', 'kind', 'level', 'orderId', 'traceId', 'requestId', 'q', 'after'] as const

export function LogsPage({ address: { query } }: { address: Address }) {
  const asked = Object.fromEntries(names.map((name) => [name, query[name] ?? '']))
  const logs = useAnswer<LogLines>(pathOf('/logs', { ...asked, limit: 100 }), query.after ? undefined : 5_000)
  return (
    <>
      <h1>Logs</h1>
      <p class="dim">
        Warnings, errors, parkings, dead letters, redrives, mails and alarms of all services, newest first.
      </p>
      <LogFilters query={asked} />
      <Answered answer={logs}>
        {({ lines, next }) => (
          <>
            {lines.length === 0 && <Empty>Nothing like that was logged.</Empty>}
            {lines.length > 0 && (
              <ul class="card log">
                {lines.map((line) => (
                  <LogItem key={line.id} line={line} />
                ))}
              </ul>
            )}
            {next && <a href={addressOf('logs', null, { ...asked, after: next })}>Older lines</a>}
          </>
        )}
      </Answered>
    </>
  )
}

const tones: Readonly<Record<string, 'bad' | 'warn' | 'calm'>> = { error: 'bad', warn: 'warn' }

function LogItem({ line }: { line: LogLine }) {
  const { at, service, level, kind, message, orderId, traceId, requestId, fields } = line
  return (
    <li>
      <details>
        <summary>
          <Moment at={at} />
          <Badge tone={tones[level] ?? 'calm'}>{kind ? `${level} · ${kind.replaceAll('_', ' ')}` : level}</Badge>
          <span class="dim">{service}</span>
          <span class="message">{message}</span>
          {orderId && <span class="dim mono">order …{orderId.slice(-12)}</span>}
        </summary>
        <div class="detail">
          <dl class="facts">
            {orderId && (
              <div class="fact">
                <dt>Order</dt>
                <dd>
                  <a class="mono" href={addressOf('journey', orderId)}>
                    {orderId}
                  </a>
                </dd>
              </div>
            )}
            {traceId && <Same name="Trace" field="traceId" value={traceId} />}
            {requestId && <Same name="Request" field="requestId" value={requestId} />}
          </dl>
          <Json value={fields} label="Fields of the line as JSON" />
        </div>
      </details>
    </li>
  )
}

/** Leads to every other line with the same id. */
const Same = ({ name, field, value }: { name: string; field: string; value: string }) => (
  <div class="fact">
    <dt>{name}</dt>
    <dd>
      <a class="mono" href={addressOf('logs', null, { [field]: value })}>
        {value}
      </a>
    </dd>
  </div>
)
