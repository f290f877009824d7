import type { Journey, JourneyList, Settings } from '../api/answers'
import { pathOf } from '../api/ask'
import { useAnswer } from '../api/use-answer'
import { addressOf } from '../view/address'
import { countdown, duration } from '../view/durations'
import { money } from '../view/money'
import { preciseClock } from '../view/times'
import { Fact, Moment, StatusBadge } from './bits'
import { useNow } from './use-now'

// the total is known once the stock is held
const AGAIN_MS = 5_000

export function JourneyFacts({ journey }: { journey: Journey }) {
  const { orderId, status, stuck, placedAt, endedAt, durationMs, expectedNext, traceId } = journey
  const line = useAnswer<JourneyList>(pathOf('/journeys', { q: orderId, limit: 1 }), AGAIN_MS).data?.journeys[0]
  const { customerId, totalMinor, currency } = line ?? { customerId: null, totalMinor: null, currency: null }
  return (
    <dl class="facts card">
      <Fact name="Status">
        <StatusBadge status={status} isStuck={stuck !== null} />
      </Fact>
      {expectedNext && <Fact name="Expected next">{expectedNext}</Fact>}
      <Deadline journey={journey} />
      <Fact name="Placed">{placedAt ? <Moment at={placedAt} /> : '–'}</Fact>
      {endedAt && (
        <Fact name="Ended">
          <Moment at={endedAt} />
          {durationMs !== null && ` after ${duration(durationMs)}`}
        </Fact>
      )}
      <Fact name="Total">{totalMinor !== null && currency ? money(totalMinor, currency) : 'not priced yet'}</Fact>
      <Fact name="Money">
        <Money journey={journey} />
      </Fact>
      <Fact name="Mails">
        <Mails journey={journey} />
      </Fact>
      <Fact name="Customer">
        {customerId ? (
          <a class="mono" href={addressOf('sagas', null, { customerId })}>
            {customerId}
          </a>
        ) : (
          '–'
        )}
      </Fact>
      <Fact name="Trace">
        <Trace id={traceId} />
      </Fact>
      <Trouble journey={journey} />
    </dl>
  )
}

function Deadline({ journey: { deadlineAt, remainingMs } }: { journey: Journey }) {
  const now = useNow()
  if (!deadlineAt || remainingMs === null) return null
  return <Fact name="Deadline">{countdown(Date.parse(deadlineAt) - now)}</Fact>
}

function Money({ journey }: { journey: Journey }) {
  if (journey.money.length === 0) return <>none moved</>
  return (
    <ul class="bare">
      {journey.money.map(({ at, kind, amountMinor, currency }) => (
        <li key={`${at}${kind}`}>
          {money(amountMinor, currency)} {kind === 'captured' ? 'charged' : 'given back'} at {preciseClock(at)}
        </li>
      ))}
    </ul>
  )
}

function Mails({ journey }: { journey: Journey }) {
  if (journey.mails.length === 0) return <>none yet</>
  return (
    <ul class="bare">
      {journey.mails.map(({ at, kind, channel, state }) => (
        <li key={`${at}${kind}${channel}`}>
          {kind.replaceAll('_', ' ')} by {channel}: {state} at {preciseClock(at)}
        </li>
      ))}
    </ul>
  )
}

function Trace({ id }: { id: string | null }) {
  const template = useAnswer<Settings>('/console/settings').data?.traceUrl
  if (!id) return <>not traced</>
  if (!template) return <span class="mono">{id}</span>
  return (
    <a class="mono" href={template.replaceAll('{traceId}', id)} target="_blank" rel="noreferrer">
      {id}
    </a>
  )
}

/** What is being tried again or has been given up, with the way to it. */
function Trouble({ journey: { parked, deadLetter, duplicatesIgnored } }: { journey: Journey }) {
  return (
    <>
      {parked.map(({ service, event, type, attempt, reason, nextAttemptAt }) => (
        <Fact key={`${service}${event}`} name="Parked">
          {type ?? 'a message'} in {service}, attempt {attempt ?? 1}
          {reason && `: ${reason.replaceAll('_', ' ')}`}
          {nextAttemptAt && `; again at ${preciseClock(nextAttemptAt)}`}
        </Fact>
      ))}
      {deadLetter && (
        <Fact name="Dead letter">
          <a href={addressOf('dead-letters', null, { service: deadLetter.service, reason: deadLetter.reason ?? '' })}>
            {deadLetter.type ?? 'a message'} in {deadLetter.service}
          </a>{' '}
          since {preciseClock(deadLetter.at)}
        </Fact>
      )}
      {duplicatesIgnored > 0 && <Fact name="Repeats ignored">{duplicatesIgnored}</Fact>}
    </>
  )
}
