import { join } from 'node:path'
import { LineFile } from '../../shoppers/line-file'
import type { Observation } from '../../shoppers/observation'

export type { Observation }

/** What else happened, for the run's own report. */
export type Incident =
  | { readonly kind: 'refused'; readonly status: number; readonly slug: string }
  | { readonly kind: 'unknown'; readonly isAborted: boolean }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly httpStatus: number }
  | { readonly kind: 'ended'; readonly orderId: string; readonly status: string; readonly tookMs: number }
  | { readonly kind: 'poison'; readonly id: string }
  | { readonly kind: 'drained'; readonly process: string; readonly tookMs: number; readonly code: number | null }

export type At<T> = T & { readonly at: string }

/** What customers saw and what happened to the shop, in two files of the run's directory. */
export class Observations {
  readonly #observations: LineFile<Observation>
  readonly #incidents: LineFile<Incident>

  constructor(directory: string) {
    this.#observations = new LineFile(join(directory, 'observations.jsonl'))
    this.#incidents = new LineFile(join(directory, 'incidents.jsonl'))
  }

  get observationsFile(): string {
    return this.#observations.path
  }

  get incidentsFile(): string {
    return this.#incidents.path
  }

  saw(observation: Observation): void {
    this.#observations.write(observation)
  }

  happened(incident: Incident): void {
    this.#incidents.write(incident)
  }

  async close(): Promise<void> {
    await Promise.all([this.#observations.close(), this.#incidents.close()])
  }
}
