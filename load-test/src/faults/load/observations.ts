import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'

interface ByUser {
  readonly userId: string
}

interface WithKey extends ByUser {
  readonly idempotencyKey: string
}

/** What clients did and saw: all an auditor may know besides databases and ledgers. */
export type Observation =
  | ({ readonly kind: 'attempt' } & WithKey)
  | ({
      readonly kind: 'accepted'
      readonly orderId: string
      readonly isReplay: boolean
      readonly attempts: number
      readonly tookMs: number
    } & WithKey)
  | ({
      readonly kind: 'polled'
      readonly orderId: string
      readonly httpStatus: number
      readonly status?: string
      readonly version?: number
    } & ByUser)
  | ({ readonly kind: 'answered'; readonly body: unknown } & ByUser)

/** What else happened, for the run's own report. */
export type Incident =
  | { readonly kind: 'refused'; readonly status: number; readonly slug: string }
  | { readonly kind: 'unknown'; readonly isAborted: boolean }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly httpStatus: number }
  | { readonly kind: 'ended'; readonly orderId: string; readonly status: string; readonly tookMs: number }
  | { readonly kind: 'poison'; readonly id: string }
  | { readonly kind: 'drained'; readonly process: string; readonly tookMs: number; readonly code: number | null }

export type At<T> = T & { readonly at: string }

/** Files of a run, a line each, that outlive it. */
export class Observations {
  readonly observationsFile: string
  readonly incidentsFile: string
  readonly #streams: { readonly observations: WriteStream; readonly incidents: WriteStream }

  constructor(directory: string) {
    this.observationsFile = join(directory, 'observations.jsonl')
    this.incidentsFile = join(directory, 'incidents.jsonl')
    const open = (file: string) => createWriteStream(file, { flags: 'a' })
    this.#streams = { observations: open(this.observationsFile), incidents: open(this.incidentsFile) }
  }

  saw(observation: Observation): void {
    this.#streams.observations.write(line(observation))
  }

  happened(incident: Incident): void {
    this.#streams.incidents.write(line(incident))
  }

  async close(): Promise<void> {
    await Promise.all(
      Object.values(this.#streams).map((stream) => new Promise<void>((resolve) => stream.end(() => resolve()))),
    )
  }
}

const line = (what: object): string => `${JSON.stringify({ at: new Date().toISOString(), ...what })}\n`
