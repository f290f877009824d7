import { duration } from '../view/durations'
import { type EventRow, type Lanes, type NoteRow, rowInWords } from '../view/lanes'
import { preciseClock } from '../view/times'
import { Badge } from './bits'
import { LaneArrows, LaneNote } from './lane-arrows'

interface Props {
  readonly lanes: Lanes
  readonly onRaw: (event: string) => void
}

/** A list for whoever reads or hears it, beside it the same as a picture; each row draws its piece of the lanes. */
export function LanesPicture({ lanes: { services, rows }, onRaw }: Props) {
  return (
    <div class="lanes">
      <div class="lane-names" aria-hidden="true">
        {services.map((service) => (
          <span key={service}>{service.replace('-service', '')}</span>
        ))}
      </div>
      <ol>
        {rows.map((row) =>
          row.kind === 'event' ? (
            <EventItem key={row.event} row={row} count={services.length} onRaw={onRaw} />
          ) : (
            <NoteItem key={`${row.at}${row.text}`} row={row} count={services.length} />
          ),
        )}
      </ol>
      <Legend />
    </div>
  )
}

interface ItemProps {
  readonly row: EventRow
  readonly count: number
  readonly onRaw: (event: string) => void
}

function EventItem({ row, count, onRaw }: ItemProps) {
  const { type, summary, at, sincePreviousMs, isRepeat, undoes, reason, event } = row
  return (
    <li class={undoes ? 'undoes' : undefined}>
      <div class="told">
        <div class="row tight">
          <time class="mono" dateTime={at} title={at}>
            {preciseClock(at)}
          </time>
          <span class="dim since">+{duration(sincePreviousMs)}</span>
          <button type="button" class="link mono" title={summary} onClick={() => onRaw(event)}>
            {type}
          </button>
          {reason && <Badge tone="calm">{reason.replaceAll('_', ' ')}</Badge>}
          {undoes && <Badge tone="undo">undoes {undoes}</Badge>}
          {isRepeat && <Badge tone="plain">told again</Badge>}
        </div>
        <p class="dim words">{rowInWords(row)}</p>
      </div>
      <LaneArrows row={row} count={count} />
    </li>
  )
}

function NoteItem({ row, count }: { row: NoteRow; count: number }) {
  return (
    <li class="note">
      <div class="told">
        <div class="row tight">
          <time class="mono" dateTime={row.at} title={row.at}>
            {preciseClock(row.at)}
          </time>
          <span>{row.text}</span>
        </div>
        <p class="dim words">{row.service}</p>
      </div>
      <LaneNote row={row} count={count} />
    </li>
  )
}

const Legend = () => (
  <ul class="legend" aria-label="What the arrows mean">
    <li class="handled">event and who reacts to it</li>
    <li class="undoes">reaction that undoes its own work</li>
    <li class="waited-for">expected next</li>
    <li class="parked">parked, tried again</li>
    <li class="dead">dead letter</li>
    <li class="repeat">told again</li>
  </ul>
)
