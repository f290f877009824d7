import type { Arrow, EventRow, NoteRow } from '../view/lanes'

const Y = 24

const x = (lane: number, count: number): string => `${((lane + 0.5) / count) * 100}%`

const LaneLines = ({ count }: { count: number }) => (
  <>
    {Array.from({ length: count }, (_, lane) => (
      <line key={lane} class="lane" x1={x(lane, count)} x2={x(lane, count)} y1="0" y2="100%" />
    ))}
  </>
)

/** An event leaves its publisher's lane for everybody who reacts to it. */
export function LaneArrows({ row, count }: { row: EventRow; count: number }) {
  // what needs attention is drawn over what does not
  const arrows = [...row.arrows].sort((a, b) => weight(a) - weight(b))
  return (
    <div class="picture">
      <svg class={row.isRepeat ? 'repeat' : undefined} aria-hidden="true">
        <LaneLines count={count} />
        {arrows.map((arrow) => (
          <ArrowTo key={`${arrow.service}${arrow.step}`} arrow={arrow} row={row} count={count} />
        ))}
        <circle class={row.undoes ? 'event undoes' : 'event'} cx={x(row.lane, count)} cy={Y} r="5" />
      </svg>
    </div>
  )
}

const weight = ({ touch }: Arrow): number => (touch === 'handled' ? 0 : touch === 'undoes' ? 1 : 2)

function ArrowTo({ arrow, row, count }: { arrow: Arrow; row: EventRow; count: number }) {
  const { lane, touch, attempts, duplicatesIgnored } = arrow
  const isRightward = lane > row.lane
  const notes = [attempts > 1 ? `×${attempts}` : '', duplicatesIgnored > 0 ? `+${duplicatesIgnored} ignored` : '']
  const note = notes.filter(Boolean).join(' ')
  return (
    <g class={`arrow ${touch}`}>
      <line x1={x(row.lane, count)} x2={x(lane, count)} y1={Y} y2={Y} />
      <svg x={x(lane, count)} y={Y} class="tip" aria-hidden="true">
        {touch === 'dead' ? (
          <path d="M-5,-5 L5,5 M-5,5 L5,-5" />
        ) : (
          <path d={isRightward ? 'M-10,-5 L-1,0 L-10,5 Z' : 'M10,-5 L1,0 L10,5 Z'} />
        )}
        {note && (
          <text y="18" text-anchor="middle">
            {note}
          </text>
        )}
      </svg>
    </g>
  )
}

export const LaneNote = ({ row, count }: { row: NoteRow; count: number }) => (
  <div class="picture">
    <svg aria-hidden="true">
      <LaneLines count={count} />
      <svg x={x(row.lane, count)} y={Y} class="tip" aria-hidden="true">
        <rect class="mail" x="-7" y="-5" width="14" height="10" rx="1" />
        <path class="mail" d="M-7,-5 L0,1 L7,-5" />
      </svg>
    </svg>
  </div>
)
