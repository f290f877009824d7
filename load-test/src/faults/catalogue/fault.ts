import type { Observations } from '../load/observations'
import type { Site } from '../site/site'

/** What a fault can reach. */
export interface Scene {
  readonly site: Site
  /** For what the auditor has to know about. */
  readonly observations: Observations
}

/** A fault under way. */
export interface Strike {
  /** Resolves when everything it broke is whole again. */
  heal(): Promise<void>
  /** Whether it met anything, asked after it has healed. */
  hasStruck(): boolean | Promise<boolean>
}

export interface Fault {
  readonly kind: string
  /** For the report. */
  readonly about: string
  /** One of them is drawn. */
  readonly targets: readonly string[]
  /** How long it lasts before it is healed: from, to. */
  readonly lastsMs: readonly [number, number]
  /** No two faults at once hit the same. */
  readonly hits: (target: string) => string
  /** It strikes while a crowd of customers comes in, so that it meets deliveries that are not acknowledged yet. */
  readonly isInRush?: boolean
  readonly strike: (scene: Scene, target: string) => Promise<Strike>
}

/** What is over as soon as it has happened. */
export const momentary = (hasStruck: boolean): Strike => ({ heal: async () => {}, hasStruck: () => hasStruck })
