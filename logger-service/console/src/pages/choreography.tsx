import { useState } from 'preact/hooks'
import type { Choreography } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { Badge } from '../parts/bits'
import { Dotted } from '../parts/dotted'
import { GraphPicture } from '../parts/graph-picture'
import { Answered } from '../parts/states'
import { graphOf } from '../view/graph'

export function ChoreographyPage() {
  const choreography = useAnswer<Choreography>('/choreography', 5_000)
  return (
    <>
      <h1>Choreography</h1>
      <p class="dim">
        Who tells what, and who reacts to it, drawn from contracts and saga tables. Thicker lines are told more often.
      </p>
      <Answered answer={choreography}>{(data) => <Drawn choreography={data} />}</Answered>
    </>
  )
}

function Drawn({ choreography }: { choreography: Choreography }) {
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <>
      <GraphPicture graph={graphOf(choreography)} chosen={chosen} onChoose={setChosen} />
      <div class="card">
        <table class="events">
          <caption>The same as a table</caption>
          <thead>
            <tr>
              <th scope="col">Event</th>
              <th scope="col" class="wide">
                Published by
              </th>
              <th scope="col">Reactions</th>
              <th scope="col" class="number">
                A minute
              </th>
            </tr>
          </thead>
          <tbody>
            {choreography.events.map((event) => (
              <EventRow
                key={event.type}
                event={event}
                isChosen={chosen === event.type}
                onChoose={() => setChosen(chosen === event.type ? null : event.type)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

interface RowProps {
  readonly event: Choreography['events'][number]
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function EventRow({ event: { type, publisher, readers, perMinute }, isChosen, onChoose }: RowProps) {
  return (
    <tr class={isChosen ? 'chosen' : undefined}>
      <td>
        <button type="button" class="link mono" aria-pressed={isChosen} onClick={onChoose}>
          <Dotted name={type} />
        </button>
      </td>
      <td class="wide nowrap">{publisher}</td>
      <td class="text">
        {readers.length === 0 && <span class="dim">journal only</span>}
        {readers.map(({ service, step, compensates }) => (
          <span key={`${service}${step}`} class="reaction">
            {service.replace('-service', '')} <span class="dim mono">{step}</span>
            {compensates && <Badge tone="undo">undoes {compensates}</Badge>}
          </span>
        ))}
      </td>
      <td class="number">{perMinute}</td>
    </tr>
  )
}
