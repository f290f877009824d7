import { startBaseline } from './baseline-system'
import { type Figures, measure } from './measure'
import { startOurs } from './our-system'
import { type Phase, phases, warmUp } from './phases'
import type { StartSystem } from './system'

export type SystemName = 'ours' | 'baseline'

export interface Measured {
  readonly system: SystemName
  readonly repetition: number
  readonly phase: Phase['id']
  readonly figures: Figures
}

const systems: Readonly<Record<SystemName, StartSystem>> = { ours: startOurs, baseline: startBaseline }

export interface SeriesOptions {
  readonly repetitions: number
  readonly durationMs: number
  readonly say: (line: string) => void
}

/**
 * Every system once a repetition, in turn first and last, so that what the machine does to one it does to the other.
 * One is stopped while the other is measured.
 */
export async function runSeries({ repetitions, durationMs, say }: SeriesOptions): Promise<Measured[]> {
  const all: Measured[] = []
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const names: SystemName[] = repetition % 2 ? ['ours', 'baseline'] : ['baseline', 'ours']
    for (const name of names) {
      const system = await systems[name](() => {})
      try {
        await measure(system, { ...warmUp, seed: repetition })
        for (const { id, title, options, isCompared } of phases(durationMs)) {
          if (name === 'baseline' && !isCompared) continue
          const figures = await measure(system, { ...options, seed: repetition })
          all.push({ system: name, repetition, phase: id, figures })
          say(`${repetition}/${repetitions}  ${system.name.padEnd(9)}  ${title.padEnd(48)}  ${glance(figures)}`)
        }
        await system.audit()
      } finally {
        await system.stop()
      }
    }
  }
  return all
}

function glance({ ordersPerS, times, failures }: Figures): string {
  const { accepted, settled } = times
  const ms = ({ p50Ms, p99Ms }: typeof accepted) => `${p50Ms.toFixed(0)}/${p99Ms.toFixed(0)} ms`
  return `${ordersPerS.toFixed(0)} orders/s, accepted ${ms(accepted)}, settled ${ms(settled)}, ${failures} failures`
}
