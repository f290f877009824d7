import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit } from '../report/commit'
import type { Happened } from './chaos'
import type { Population } from './load/people'
import type { Totals } from './measure/metrics'
import type { Options } from './options'
import type { Exit } from './site/service-process'
import type { Size } from './size'

/** A second of the run. */
export interface Sample {
  readonly atMs: number
  readonly begun: number
  readonly open: number
  readonly paid: number
  readonly cancelled: number
}

/** All that a run has to remember to be resumed. */
export interface State {
  readonly size: Size
  readonly seed: number
  readonly instances: number
  readonly isClustered: boolean
  readonly commit: string
  readonly command: string
  /** On the run's own clock, which stands still while the run is interrupted. */
  readonly elapsedMs: number
  readonly population?: Population | undefined
  readonly begun: number
  readonly faults: readonly Happened[]
  readonly exits: readonly Exit[]
  readonly samples: readonly Sample[]
  readonly totals: Totals
  readonly cutCommits: number
}

const fileIn = (directory: string) => join(directory, 'state.json')

export function saveState(directory: string, state: State): void {
  mkdirSync(directory, { recursive: true })
  writeFileSync(`${fileIn(directory)}.new`, JSON.stringify(state))
  renameSync(`${fileIn(directory)}.new`, fileIn(directory))
}

export function loadState(directory: string): State | undefined {
  return existsSync(fileIn(directory)) ? (JSON.parse(readFileSync(fileIn(directory), 'utf8')) as State) : undefined
}

export const newState = ({ size, seed, instances, isClustered }: Options, command: string): State => ({
  size,
  seed,
  instances,
  isClustered,
  command,
  commit: commit(),
  elapsedMs: 0,
  begun: 0,
  faults: [],
  exits: [],
  samples: [],
  totals: {},
  cutCommits: 0,
})
