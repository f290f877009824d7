import { checkRouting, knownParticipants, type Log, Management, type Metrics, manifestOf } from '@order-saga/common'
import { vhostOf } from './broker-view'

export interface TopologyWatchOptions {
  /** '': nobody can look. */
  readonly managementUrl: string
  readonly amqpUrl: string
  readonly log: Log
  readonly metrics: Metrics
}

// two looks see a difference before it raises an alarm, and it is to be raised within half a minute
export const LOOK_EVERY_MS = 10_000
const PATIENCE_MS = 5_000

/**
 * Compares exchanges, queues and bindings with what contracts and saga tables need, as `npm run topology -- --check`
 * does. A difference that is there twice in a row raises an alarm, once until it has gone: a queue that is just being
 * made is none.
 */
export class TopologyWatch {
  readonly #manifest = manifestOf(knownParticipants())
  readonly #management: Management | undefined
  #seen: readonly string[] = []
  #raised = new Set<string>()

  constructor(private readonly options: TopologyWatchOptions) {
    const { managementUrl } = options
    this.#management = managementUrl === '' ? undefined : new Management(managementUrl, PATIENCE_MS)
  }

  /** As the broker answers now. Rejects when it does not. */
  async differences(): Promise<string[]> {
    if (!this.#management) return []
    return checkRouting(this.#management, this.#manifest, vhostOf(this.options.amqpUrl))
  }

  async look(): Promise<void> {
    const found = await this.differences().catch(() => undefined)
    // the broker is away, which others tell
    if (!found) return
    for (const difference of found) if (this.#seen.includes(difference)) this.#raise(difference)
    this.#raised = new Set([...this.#raised].filter((difference) => found.includes(difference)))
    this.#seen = found
  }

  #raise(difference: string): void {
    if (this.#raised.has(difference)) return
    this.#raised.add(difference)
    const { log, metrics } = this.options
    metrics.alarms.inc({ kind: 'topology' })
    log.error({ difference }, 'alarm: the broker differs from what the saga needs')
  }
}
