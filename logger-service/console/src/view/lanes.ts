import type { Journey } from '../api/answers'

/** What an event did where it arrived. */
export type Touch = 'handled' | 'undoes' | 'waited-for' | 'parked' | 'dead'

export interface Arrow {
  readonly service: string
  readonly lane: number
  readonly touch: Touch
  /** What the service does because of such an event. */
  readonly step: string
  /** 0: never tried again. */
  readonly attempts: number
  readonly duplicatesIgnored: number
}

export interface EventRow {
  readonly kind: 'event'
  readonly event: string
  readonly type: string
  readonly summary: string
  readonly at: string
  readonly sincePreviousMs: number
  readonly publisher: string
  readonly lane: number
  readonly arrows: readonly Arrow[]
  readonly isRepeat: boolean
  /** The type of the earlier fact this one takes back. */
  readonly undoes: string | null
  readonly reason: string | null
}

/** What happened to an order outside of events: a mail went out. */
export interface NoteRow {
  readonly kind: 'note'
  readonly at: string
  readonly lane: number
  readonly service: string
  readonly text: string
}

export type Row = EventRow | NoteRow

export interface Lanes {
  readonly services: readonly string[]
  readonly rows: readonly Row[]
}

/** The picture of an order: a column per service, a row per event, in the order in which they caused each other. */
export function lanesOf(journey: Journey): Lanes {
  const services = journey.lanes
  const events = journey.steps.map((step) => eventRow(step, journey))
  const notes = journey.mails.map(
    ({ at, kind, channel, state }): NoteRow => ({
      kind: 'note',
      at,
      lane: services.indexOf('mailer-service'),
      service: 'mailer-service',
      text: `${kind.replaceAll('_', ' ')} by ${channel}: ${state}`,
    }),
  )
  return { services, rows: notes.filter(({ lane }) => lane >= 0).reduce<readonly Row[]>(placeByTime, events) }
}

/** After the last row that is not later; rows of events keep their order, which is not that of the clocks. */
function placeByTime(rows: readonly Row[], note: NoteRow): readonly Row[] {
  const after = rows.findLastIndex(({ at }) => at <= note.at) + 1
  return rows.toSpliced(after, 0, note)
}

type Step = Journey['steps'][number]

function eventRow(step: Step, journey: Journey): EventRow {
  const lane = journey.lanes.indexOf(step.service)
  const arrows = step.reactedToBy.map(
    ({ service, step: name, compensates }): Arrow => ({
      service,
      lane: journey.lanes.indexOf(service),
      step: name,
      touch: touchOf(step, service, compensates !== undefined, journey),
      attempts: attemptsOf(step, service, journey),
      duplicatesIgnored: duplicatesOf(step, service, journey),
    }),
  )
  return {
    kind: 'event',
    event: step.event,
    type: step.type,
    summary: step.summary,
    at: step.at,
    sincePreviousMs: step.sincePreviousMs,
    publisher: step.service,
    lane,
    arrows: arrows.filter((arrow) => arrow.lane >= 0 && arrow.lane !== lane),
    isRepeat: step.repeats !== null,
    undoes: step.compensates,
    reason: step.reason,
  }
}

/** What is known of a type and not of one event of it belongs to the latest. */
const isLatest = ({ event, type }: Step, { steps }: Journey): boolean =>
  steps.findLast((other) => other.type === type)?.event === event

function touchOf(step: Step, service: string, undoes: boolean, journey: Journey): Touch {
  const { deadLetter, parked, waitsFor } = journey
  const isHere = (one: { service: string; event: string }) => one.service === service && one.event === step.event
  if (deadLetter && isHere(deadLetter)) return 'dead'
  if (parked.some(isHere)) return 'parked'
  const isWaitedFor = waitsFor?.service === service && waitsFor.reactsTo === step.type
  if (isWaitedFor && isLatest(step, journey)) return 'waited-for'
  return undoes ? 'undoes' : 'handled'
}

function attemptsOf({ event }: Step, service: string, { attempts }: Journey): number {
  const here = attempts.filter((one) => one.service === service && one.event === event)
  return Math.max(0, ...here.map(({ attempt }) => attempt ?? 0))
}

function duplicatesOf(step: Step, service: string, journey: Journey): number {
  if (!isLatest(step, journey)) return 0
  return journey.duplicates.find((one) => one.service === service && one.type === step.type)?.count ?? 0
}

const touches: Readonly<Record<Touch, string>> = {
  handled: '',
  undoes: 'undoing own work: ',
  'waited-for': 'not yet by ',
  parked: 'tried again by ',
  dead: 'dead letter in ',
}

/** The row in words, for who does not see the picture. */
export function rowInWords({ publisher, arrows }: EventRow): string {
  if (arrows.length === 0) return `${publisher}, for information`
  const groups = Object.entries(touches).map(([touch, verb]) => {
    const readers = arrows.filter((arrow) => arrow.touch === touch).map(readerInWords)
    return readers.length > 0 ? `${verb}${readers.join(', ')}` : ''
  })
  return `${publisher} → ${groups.filter(Boolean).join('; ')}`
}

function readerInWords({ service, attempts, duplicatesIgnored }: Arrow): string {
  const notes = [
    attempts > 1 ? `${attempts} attempts` : '',
    duplicatesIgnored > 0 ? `${duplicatesIgnored} repeated, ignored` : '',
  ].filter(Boolean)
  return notes.length > 0 ? `${service} (${notes.join(', ')})` : service
}
