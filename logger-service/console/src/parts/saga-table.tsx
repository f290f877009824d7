import type { JourneyLine } from '../api/answers'
import { addressOf } from '../view/address'
import { duration, wholeSeconds } from '../view/durations'
import { money } from '../view/money'
import { becauseOf } from '../view/reasons'
import { Moment, OrderId, StatusBadge } from './bits'
import type { JourneyStream } from './use-journey-stream'
import { useNow } from './use-now'

interface Props {
  readonly lines: readonly JourneyLine[]
  /** When this browser learned the ages. */
  readonly heardAt: number
  readonly stream: JourneyStream
  readonly isLive: boolean
}

export function SagaTable({ lines, heardAt, stream, isLive }: Props) {
  const now = useNow()
  return (
    <div class="card">
      <table>
        <caption>
          <span>
            {lines.length === 1 ? '1 order' : `${lines.length} orders`}, newest first{' '}
            {isLive && <Liveness stream={stream} />}
          </span>
          {isLive && (
            <button type="button" class="quiet" onClick={() => stream.pause(!stream.isPaused)}>
              {stream.isPaused ? 'Go on' : 'Pause'}
            </button>
          )}
        </caption>
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Status</th>
            <th scope="col" class="wide">
              Customer
            </th>
            <th scope="col" class="number wide">
              Total
            </th>
            <th scope="col" class="wide">
              Placed
            </th>
            <th scope="col" class="number">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <SagaRow key={line.orderId} line={line} sinceHeardMs={stream.isPaused ? 0 : Math.max(0, now - heardAt)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const words = { connecting: 'connecting', live: 'live', lost: 'interrupted' } as const

function Liveness({ stream: { connection, isPaused } }: { stream: JourneyStream }) {
  const state = isPaused ? 'paused' : connection
  return <span class={`liveness ${state}`}>{isPaused ? 'paused' : words[connection]}</span>
}

function SagaRow({ line, sinceHeardMs }: { line: JourneyLine; sinceHeardMs: number }) {
  const { orderId, customerId, status, reason, placedAt, endedAt, ageMs, totalMinor, currency, isStuck, waitsFor } =
    line
  return (
    <tr class={isStuck ? 'stuck' : undefined}>
      <td>
        <a href={addressOf('journey', orderId)}>
          <OrderId id={orderId} />
        </a>
      </td>
      <td>
        <StatusBadge status={status} isStuck={isStuck} />{' '}
        <span class="why">{status === 'cancelled' ? becauseOf(reason) : waitsFor}</span>
      </td>
      <td class="wide mono dim nowrap" title={customerId ?? undefined}>
        {customerId ? (
          <a class="plain" href={addressOf('sagas', null, { customerId })}>
            …{customerId.slice(-12)}
          </a>
        ) : (
          '–'
        )}
      </td>
      <td class="number wide">{totalMinor !== null && currency ? money(totalMinor, currency) : '–'}</td>
      <td class="wide">{placedAt ? <Moment at={placedAt} /> : '–'}</td>
      <td class="number">{ageMs === null ? '–' : endedAt ? duration(ageMs) : wholeSeconds(ageMs + sinceHeardMs)}</td>
    </tr>
  )
}
