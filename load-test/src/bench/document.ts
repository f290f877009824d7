import { commit } from '../report/commit'
import type { Machine } from '../run/result'
import type { Figures } from './measure'
import { phases } from './phases'
import type { Measured, SystemName } from './series'

export interface Benchmark {
  readonly command: string
  readonly machine: Machine
  readonly durationMs: number
  readonly repetitions: number
  readonly all: readonly Measured[]
}

const names: Readonly<Record<SystemName, string>> = { ours: 'this shop', baseline: 'baseline' }

/** Middle one and spread: `812 (790–840)`. */
export function spread(values: readonly number[], digits = 0): string {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) return '–'
  const text = (value: number) => value.toFixed(digits)
  return `${text(median(sorted))} (${text(least)}–${text(most)})`
}

function median(sorted: readonly number[]): number {
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/** docs/performance.md, between its marks. */
export function figuresText(benchmark: Benchmark): string {
  const { command, machine, durationMs, repetitions } = benchmark
  return [
    `\`${command}\`, commit ${commit()}, ${machine.cores} cores (${machine.processor}), Node ${machine.node}, load average`,
    `${machine.loadBefore.toFixed(1)} before. Median of ${repetitions} repetitions (least–most), ${durationMs / 1_000} s each after a warm-up; times in ms.`,
    '',
    ...speeds(benchmark),
    '',
    ...ratios(benchmark),
    '',
    ...costs(benchmark),
  ].join('\n')
}

function speeds({ all, durationMs }: Benchmark): string[] {
  const head = [
    'load',
    'system',
    'orders/s',
    'accepted p50',
    'p99',
    'settled p50',
    'p99',
    'seen p50',
    'p99',
    'failures',
  ]
  const rows = phases(durationMs).flatMap(({ id, title }) =>
    (Object.keys(names) as SystemName[]).flatMap((system) => {
      const found = figuresOf(all, system, id)
      if (found.length === 0) return []
      const of = (pick: (figures: Figures) => number, digits = 0) => spread(found.map(pick), digits)
      const { accepted, settled, terminal } = {
        accepted: [of(({ times }) => times.accepted.p50Ms, 1), of(({ times }) => times.accepted.p99Ms, 1)],
        settled: [of(({ times }) => times.settled.p50Ms), of(({ times }) => times.settled.p99Ms)],
        terminal: [of(({ times }) => times.terminal.p50Ms, 1), of(({ times }) => times.terminal.p99Ms, 1)],
      }
      const failures = found.reduce((sum, figures) => sum + figures.failures, 0)
      return [
        [title, names[system], of((figures) => figures.ordersPerS), ...accepted, ...settled, ...terminal, failures],
      ]
    }),
  )
  return table(head, rows)
}

/** Of two measurements of one repetition, a minute or two apart. */
function ratios({ all }: Benchmark): string[] {
  const speed = (system: SystemName, phase: Measured['phase'], repetition: number) =>
    all.find((one) => one.system === system && one.phase === phase && one.repetition === repetition)?.figures
      .ordersPerS ?? Number.NaN
  const repetitions = [...new Set(all.map(({ repetition }) => repetition))]
  const of = (upper: [SystemName, Measured['phase']], lower: [SystemName, Measured['phase']]) =>
    spread(
      repetitions.map((n) => speed(...upper, n) / speed(...lower, n)),
      2,
    )
  return table(
    ['ratio, each within one repetition', ''],
    [
      ['throughput of this shop to that of the baseline', of(['ours', 'closed'], ['baseline', 'closed'])],
      ['throughput on one hot product to that on the whole catalogue', of(['ours', 'hot'], ['ours', 'closed'])],
    ],
  )
}

/** Who takes the processor, under closed load. */
function costs({ all }: Benchmark): string[] {
  return (Object.keys(names) as SystemName[]).flatMap((system) => {
    const found = figuresOf(all, system, 'closed')
    const processes = [...new Set(found.flatMap(({ processorMs }) => Object.keys(processorMs)))]
    const cost = (name: string) => found.map(({ processorMs }) => processorMs[name] ?? 0)
    const total = found.map(({ processorMs }) => Object.values(processorMs).reduce((sum, ms) => sum + ms, 0))
    const rows = processes
      .map((name) => [name, spread(cost(name), 2)])
      .toSorted(([, a = ''], [, b = '']) => Number.parseFloat(b) - Number.parseFloat(a))
    const customers = found.map(({ customersMs }) => customersMs)
    return [
      ...table(
        [`${names[system]}: processor milliseconds an order, closed loop`, ''],
        [...rows, ['**together**', spread(total, 2)], ['the customers, not counted', spread(customers, 2)]],
      ),
      '',
    ]
  })
}

const figuresOf = (all: readonly Measured[], system: SystemName, phase: Measured['phase']): Figures[] =>
  all.filter((one) => one.system === system && one.phase === phase).map(({ figures }) => figures)

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map((_, n) => (n === 0 ? '---' : '---:')).join(' | ')} |`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
]
