import type { Choreography } from '../api/answers'

export interface Node {
  readonly name: string
  readonly y: number
}

export interface EventNode extends Node {
  readonly publisher: string
  readonly perMinute: number
}

export interface Edge {
  readonly event: string
  readonly from: number
  readonly to: number
  readonly undoes: boolean
  readonly perMinute: number
}

/** Publishers on the left, events in the middle, readers on the right. */
export interface Graph {
  readonly height: number
  readonly publishers: readonly Node[]
  readonly events: readonly EventNode[]
  readonly readers: readonly Node[]
  readonly published: readonly Edge[]
  readonly read: readonly Edge[]
}

export const ROW = 30
const HALF = ROW / 2

/** Events stand with their publisher; services stand at the middle of what they publish or read, a row apart. */
export function graphOf({ services, events }: Choreography): Graph {
  const rank = new Map(services.map(({ service }, at) => [service, at]))
  const sorted = [...events].sort(
    (a, b) => (rank.get(a.publisher) ?? 0) - (rank.get(b.publisher) ?? 0) || (a.type < b.type ? -1 : 1),
  )
  const nodes = sorted.map(
    ({ type, publisher, perMinute }, at): EventNode => ({ name: type, publisher, perMinute, y: at * ROW + HALF }),
  )
  const yOf = new Map(nodes.map(({ name, y }) => [name, y]))
  const height = nodes.length * ROW
  const names = services.map(({ service }) => service)
  const publishers = spread(
    names.map((name) => ({ name, ys: nodes.filter(({ publisher }) => publisher === name).map(({ y }) => y) })),
    height,
  )
  const readsOf = (name: string) => sorted.filter(({ readers }) => readers.some(({ service }) => service === name))
  const readers = spread(
    names.map((name) => ({ name, ys: readsOf(name).map(({ type }) => yOf.get(type) ?? 0) })),
    height,
  )
  const at = (list: readonly Node[], name: string) => list.find((node) => node.name === name)?.y ?? 0
  return {
    height,
    publishers,
    events: nodes,
    readers,
    published: nodes.map(({ name, publisher, y, perMinute }) => ({
      event: name,
      from: at(publishers, publisher),
      to: y,
      undoes: false,
      perMinute,
    })),
    read: sorted.flatMap(({ type, perMinute, readers: by }) =>
      by.map(({ service, compensates }) => ({
        event: type,
        from: yOf.get(type) ?? 0,
        to: at(readers, service),
        undoes: compensates !== null,
        perMinute,
      })),
    ),
  }
}

/** Each at the middle of its own, in that order, and at least two rows from the one before. */
function spread(nodes: readonly { name: string; ys: readonly number[] }[], height: number): Node[] {
  const wanted = nodes
    .filter(({ ys }) => ys.length > 0)
    .map(({ name, ys }) => ({ name, y: ys.reduce((sum, y) => sum + y, 0) / ys.length }))
    .sort((a, b) => a.y - b.y)
  const gap = Math.min(2 * ROW, height / Math.max(wanted.length, 1))
  const placed: Node[] = []
  for (const { name, y } of wanted) placed.push({ name, y: Math.max(y, (placed.at(-1)?.y ?? -gap / 2) + gap) })
  // what was pushed below the edge pushes the others back up
  let floor = height - gap / 2
  return placed
    .toReversed()
    .map(({ name, y }) => {
      const fitting = Math.min(y, floor)
      floor = fitting - gap
      return { name, y: fitting }
    })
    .toReversed()
}

/** Thicker for what is told more often, by powers of ten. */
export const thickness = (perMinute: number): number =>
  perMinute <= 0 ? 1 : Math.min(5, 1.4 + Math.log10(1 + perMinute))

/** A curve that leaves and arrives level. */
export function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2
  return `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`
}
