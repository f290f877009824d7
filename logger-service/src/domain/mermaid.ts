import type { Step } from './journey'
import type { Attempt } from './troubles'

interface Picture {
  readonly lanes: readonly string[]
  readonly steps: readonly Step[]
  readonly attempts: readonly Attempt[]
  readonly status: string
  readonly reason: string | null
  readonly stuck: string | null
}

// a hyphen in the name of a participant would be read as the beginning of an arrow
const short = (service: string): string => service.replace(/-service$/, '').replace(/\W/g, '_')
// a semicolon ends a statement there, a hash begins an entity
const said = (text: string): string => text.replace(/[;#\r\n]+/g, ',')

/** The picture of a journey as Mermaid text, to paste into a ticket: the same for the same journey. */
export function mermaidOf({ lanes, steps, attempts, status, reason, stuck }: Picture): string {
  const start = steps[0]?.at.getTime() ?? 0
  const drawn = [
    ...steps.map((step) => ({ at: step.at.getTime(), lines: arrowsOf(step, lanes, start) })),
    ...attempts.map((attempt) => ({ at: attempt.at.getTime(), lines: [noteOf(attempt)] })),
  ].sort((a, b) => a.at - b.at)
  const end = `order: ${status}${reason ? ` (${reason})` : ''}${stuck ? `, ${stuck}` : ''}`
  return [
    'sequenceDiagram',
    ...lanes.map((lane) => `participant ${short(lane)} as ${lane}`),
    ...drawn.flatMap(({ lines }) => lines),
    `Note over ${[...new Set([lanes.at(0), lanes.at(-1)])].map((lane) => short(lane ?? '')).join()}: ${said(end)}`,
  ].join('\n  ')
}

function arrowsOf(
  { service, type, at, reactedToBy, compensates, repeats }: Step,
  lanes: readonly string[],
  start: number,
) {
  // what undoes something is drawn dashed
  const arrow = compensates || type === 'order.cancelled' || type === 'payment.failed' ? '-->>' : '->>'
  const label = `${type}${repeats ? ' again' : ''} +${at.getTime() - start} ms`
  const readers = [...new Set(reactedToBy.map((reader) => reader.service as string))].filter((one) =>
    lanes.includes(one),
  )
  if (readers.length === 0) return [`Note over ${short(service)}: ${label}`]
  return readers.map((reader) => `${short(service)}${arrow}${short(reader)}: ${label}`)
}

const noteOf = ({ service, outcome, type, attempt, reason }: Attempt): string =>
  `Note over ${short(service)}: ${said(`${type ?? 'event'} ${outcome}${attempt ? `, attempt ${attempt}` : ''}${reason ? `, ${reason}` : ''}`)}`
