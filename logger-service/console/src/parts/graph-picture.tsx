import { curve, type Edge, type Graph, thickness } from '../view/graph'

const WIDTH = 900
const LEFT = 120
const EVENT = { from: 310, to: 560 }
const RIGHT = 780
const TOP = 26

interface Props {
  readonly graph: Graph
  readonly chosen: string | null
  readonly onChoose: (event: string | null) => void
}

/** For eyes and pointers; the table below says the same. On narrow screens it scrolls inside its own frame. */
export function GraphPicture({ graph, chosen, onChoose }: Props) {
  const { height, publishers, events, readers, published, read } = graph
  const faded = (event: string) => (chosen !== null && chosen !== event ? ' faded' : '')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section class="card graph" aria-label="Graph of events" tabIndex={0}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height + TOP}`}
        role="img"
        aria-label="Services that publish on the left, events in the middle, services that react on the right"
      >
        <g class="titles">
          <text x={LEFT} y="14" text-anchor="end">
            publishes
          </text>
          <text x={(EVENT.from + EVENT.to) / 2} y="14" text-anchor="middle">
            event, a minute
          </text>
          <text x={RIGHT} y="14">
            reacts
          </text>
        </g>
        <g transform={`translate(0 ${TOP})`}>
          {published.map((edge) => (
            <EdgePath key={edge.event} edge={edge} from={LEFT + 8} to={EVENT.from} faded={faded(edge.event)} />
          ))}
          {read.map((edge) => (
            <EdgePath
              key={`${edge.event}${edge.to}`}
              edge={edge}
              from={EVENT.to}
              to={RIGHT - 8}
              faded={faded(edge.event)}
            />
          ))}
          {publishers.map(({ name, y }) => (
            <text key={name} class="service" x={LEFT} y={y + 4} text-anchor="end">
              {name.replace('-service', '')}
            </text>
          ))}
          {readers.map(({ name, y }) => (
            <text key={name} class="service" x={RIGHT} y={y + 4}>
              {name.replace('-service', '')}
            </text>
          ))}
          {events.map(({ name, y, perMinute }) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the table below does the same by keyboard
            <g
              key={name}
              class={`event${faded(name)}`}
              onMouseEnter={() => onChoose(name)}
              onMouseLeave={() => onChoose(null)}
            >
              <rect x={EVENT.from} y={y - 11} width={EVENT.to - EVENT.from} height="22" rx="4" />
              <text x={EVENT.from + 10} y={y + 4}>
                {name}
              </text>
              <text class="rate" x={EVENT.to - 10} y={y + 4} text-anchor="end">
                {perMinute > 0 ? perMinute : ''}
              </text>
            </g>
          ))}
        </g>
      </svg>
    </section>
  )
}

interface EdgeProps {
  readonly edge: Edge
  readonly from: number
  readonly to: number
  readonly faded: string
}

const EdgePath = ({ edge, from, to, faded }: EdgeProps) => (
  <path
    class={`edge${edge.undoes ? ' undoes' : ''}${edge.perMinute > 0 ? ' busy' : ''}${faded}`}
    d={curve(from, edge.from, to, edge.to)}
    stroke-width={thickness(edge.perMinute)}
  />
)
