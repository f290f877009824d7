import type { Health } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { Badge } from '../parts/bits'
import { Dotted } from '../parts/dotted'
import { Answered } from '../parts/states'
import { addressOf } from '../view/address'
import { wholeSeconds } from '../view/durations'
import { clock } from '../view/times'

export function HealthPage() {
  const health = useAnswer<Health>('/health', 5_000)
  return (
    <>
      <h1>Health</h1>
      <Answered answer={health}>
        {({ isWell, problems, broker, services, queues, at }) => (
          <>
            <p class={`verdict ${isWell ? 'paid' : 'stuck'}`} role="status">
              {isWell
                ? 'All is well.'
                : `${problems.length === 1 ? '1 thing needs' : `${problems.length} things need`} attention.`}{' '}
              <small>seen at {clock(at)}</small>
            </p>
            <Problems problems={problems} />
            <Broker broker={broker} />
            <ul class="tiles" aria-label="Services">
              {services.map((service) => (
                <ServiceTile key={service.service} service={service} />
              ))}
            </ul>
            <Queues queues={queues} />
          </>
        )}
      </Answered>
    </>
  )
}

const Problems = ({ problems }: { problems: readonly string[] }) =>
  problems.length === 0 ? null : (
    <ul class="problems error">
      {problems.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  )

function Broker({ broker: { isReachable, why, differences } }: { broker: Health['broker'] }) {
  if (!isReachable)
    return (
      <p class="banner trouble">
        The broker's management API does not answer{why && ` (${why})`}: queues and consumers are unknown.
      </p>
    )
  if (differences.length === 0)
    return <p class="dim">Exchanges, queues, bindings and rights in the broker are as they should be.</p>
  return (
    <div class="banner trouble">
      <div>
        <strong>The broker differs from what contracts and saga tables say:</strong>
        <ul>
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
        <code>npm run topology</code> puts it right.
      </div>
    </div>
  )
}

type Service = Health['services'][number]

function ServiceTile({ service: of }: { service: Service }) {
  const { service, isReady, missing, consumers, ready, unacknowledged, parked, deadLetters, unsent, oldestUnsentS } = of
  return (
    <li class={isReady ? 'tile' : 'tile bad'}>
      <h2>
        {service} <Readiness service={of} />
      </h2>
      {missing.length > 0 && <p class="error">missing: {missing.join(', ')}</p>}
      <dl>
        <Count
          name="consumers"
          value={of.instances === null && consumers === 0 ? '–' : consumers}
          isBad={of.instances === 0}
        />
        <Count name="waiting" value={ready} isBad={(ready ?? 0) > 1000} />
        <Count name="in hand" value={unacknowledged} />
        <Count name="parked" value={parked} isBad={(parked ?? 0) > 0} />
        <Count
          name="dead letters"
          value={deadLetters}
          isBad={(deadLetters ?? 0) > 0}
          href={deadLetters ? addressOf('dead-letters') : undefined}
        />
        <Count name="unsent" value={unsent} isBad={(oldestUnsentS ?? 0) > 10} />
      </dl>
      {oldestUnsentS !== null && oldestUnsentS > 0 && (
        <p class="dim">oldest unsent event: {wholeSeconds(oldestUnsentS * 1000)}</p>
      )}
      {of.instances !== null && of.instances > 1 && <p class="dim">{of.instances} instances</p>}
    </li>
  )
}

function Readiness({ service: { isReachable, isReady } }: { service: Service }) {
  if (!isReachable) return <Badge tone="bad">does not answer</Badge>
  return isReady ? <Badge tone="good">ready</Badge> : <Badge tone="bad">not ready</Badge>
}

interface CountProps {
  readonly name: string
  readonly value: number | string | null
  readonly isBad?: boolean
  readonly href?: string | undefined
}

const Count = ({ name, value, isBad = false, href }: CountProps) => (
  <div class={isBad ? 'bad' : undefined}>
    <dt>{name}</dt>
    <dd>{href ? <a href={href}>{value}</a> : (value ?? '?')}</dd>
  </div>
)

function Queues({ queues }: { queues: Health['queues'] }) {
  return (
    <div class="card">
      <table>
        <caption>Queues</caption>
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col" class="number">
              Waiting
            </th>
            <th scope="col" class="number">
              In hand
            </th>
            <th scope="col" class="number">
              Consumers
            </th>
          </tr>
        </thead>
        <tbody>
          {queues.map(({ name, ready, unacknowledged, consumers }) => (
            <tr key={name}>
              <td class="mono">
                <Dotted name={name} />
              </td>
              <td class="number">{ready}</td>
              <td class="number">{unacknowledged}</td>
              <td class="number">{consumers}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
