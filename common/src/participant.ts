import type { BasicConfig, Env } from './config/read-config'
import type { SettingName } from './config/settings'
import type { ServiceName } from './contracts/services'
import type { Migration } from './db/migrate'
import type { Bus } from './messaging/bus'
import type { Runtime } from './runtime'
import type { SagaStep } from './saga/saga'

/** One line of a saga table, for people: which step handles an event, and what it undoes. */
export interface Reaction {
  readonly type: string
  readonly step: string
  readonly compensates?: string | undefined
}

/** What a service says about itself without being started: read by topology, migrations, docs and tests. */
export interface Participant {
  readonly service: ServiceName
  /** Event types its saga table reacts to. */
  readonly reacts: readonly string[]
  readonly reactions?: readonly Reaction[]
  /** The journal alone listens to everything. */
  readonly hearsEverything?: boolean
  readonly migrations: readonly Migration[]
  /** What it reads beside the settings that every service has. */
  readonly settings?: readonly SettingName[]
  /**
   * What people may ask it through the one entry of the shop, with all below ('/' alone stands for itself). What is not
   * here is reached from inside only: /livez, /readyz, /metrics, /docs, /announce, /admin/dead-letters are everybody's own.
   */
  readonly entryPaths?: readonly string[]
}

/** A participant that can be run: what the `index.ts` of every service exports as `participant`. */
export interface RunnableParticipant extends Participant {
  /** Checks its settings: throws `ConfigError` with all that is wrong. */
  readonly readConfig: (env: Env) => BasicConfig
  /** The service, not started yet. With `bus` over another broker than the configured one, if it publishes. */
  readonly build: (env: Env, bus?: Bus) => Promise<Runtime>
}

/** The saga table as a participant tells it. */
export const reactionsOf = <Book>(steps: readonly SagaStep<Book>[]) => ({
  reacts: steps.map(({ contract }) => contract.type),
  reactions: steps.map(
    ({ contract, name, compensates }): Reaction => ({ type: contract.type, step: name, compensates }),
  ),
})
