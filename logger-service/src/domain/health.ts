import { eventsQueue, type ServiceName } from '@order-saga/common'

/** What a service says of itself; undefined: it does not answer. */
export interface Answers {
  readonly isReady: boolean
  readonly missing: string[]
  readonly alarms: number
}

export interface Waiting {
  readonly unsent: number
  readonly oldestUnsentS: number | null
  readonly parked: number
  readonly oldestParkedAt: string | null
  readonly deadLetters: readonly { readonly count: number }[]
}

export interface QueueFigures {
  readonly ready: number
  readonly unacknowledged: number
  readonly consumers: number
}

export interface Looked {
  readonly service: ServiceName
  /** It reacts to something, so that somebody has to consume its queue. */
  readonly isReader: boolean
  readonly answers: Answers | undefined
  readonly waiting: Waiting | undefined
  /** undefined: the broker cannot be asked, or has no such queue. */
  readonly queue: QueueFigures | undefined
}

// the relay looks for what was forgotten after five seconds
const LONG_UNSENT_S = 30

const some = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** How a service is, with a sentence for each thing that is not well. */
export function serviceHealth(looked: Looked) {
  const { service, answers, waiting, queue } = looked
  return {
    service,
    isReachable: answers !== undefined,
    isReady: answers?.isReady ?? false,
    missing: answers?.missing ?? [],
    alarms: answers?.alarms ?? 0,
    // each instance is one consumer
    instances: queue && looked.isReader ? queue.consumers : null,
    consumers: queue?.consumers ?? null,
    ready: queue?.ready ?? null,
    unacknowledged: queue?.unacknowledged ?? null,
    parked: waiting?.parked ?? null,
    oldestParkedAt: waiting?.oldestParkedAt ?? null,
    deadLetters: waiting ? letters(waiting) : null,
    unsent: waiting?.unsent ?? null,
    oldestUnsentS: waiting?.oldestUnsentS ?? null,
    problems: [...ofProcess(looked), ...ofDelivery(looked)],
  }
}

const letters = ({ deadLetters }: Waiting): number => deadLetters.reduce((sum, { count }) => sum + count, 0)

function* ofProcess({ service, answers, queue, isReader }: Looked): Generator<string> {
  if (!answers) yield `${service} does not answer.`
  else if (!answers.isReady) yield `${service} is not ready: ${answers.missing.join(', ')}.`
  if (answers && answers.alarms > 0) yield `${service} has raised ${some(answers.alarms, 'alarm')} since its start.`
  if (isReader && queue?.consumers === 0) yield `Nobody consumes ${eventsQueue(service)}.`
}

function* ofDelivery({ service, waiting }: Looked): Generator<string> {
  if (!waiting) return
  const { parked, oldestUnsentS } = waiting
  const dead = letters(waiting)
  if (oldestUnsentS !== null && oldestUnsentS > LONG_UNSENT_S)
    yield `${service} has had an event to tell for ${Math.round(oldestUnsentS)} s.`
  if (parked > 0) yield `${service} tries ${some(parked, 'event')} again.`
  if (dead > 0) yield `${some(dead, 'dead letter')} of ${service} wait${dead === 1 ? 's' : ''} for a person.`
}
