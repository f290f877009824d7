import type { ServiceName } from '../contracts/services'
import { silent } from '../log'
import { LOGS_EXCHANGE } from '../messaging/names'
import { type ChannelModel, type ConfirmChannel, RabbitLink, type Session } from '../messaging/rabbit-link'
import type { Metrics } from '../metrics'
import { LEVELS, type LineLevel, type LogLine } from './log-line'
import type { NewLine, TellLines } from './tell-lines'
import { toLogLine } from './to-log-line'

export interface LogShipperOptions {
  readonly service: ServiceName
  readonly url: string
  readonly heartbeatS: number
  readonly metrics: Metrics
}

const MAX_WAITING = 1_000
const MAX_LINES_A_MESSAGE = 100
// What a client writes to a frozen broker piles up in its own memory, without a word: so it waits for confirms
const MAX_UNCONFIRMED = 10
// lines come in bursts, and nobody waits for them
const GATHER_MS = 200
const LOOK_AGAIN_MS = 1_000

/**
 * Sends a service's log lines to the journal, at best effort: what the broker does not take now waits in memory, and
 * what does not fit there is dropped and counted. It has a connection of its own, so that lines never stand in the way
 * of events, and no log: a line about lines would be the next one.
 */
export class LogShipper extends RabbitLink<ConfirmChannel> implements TellLines {
  readonly #lines: LogLine[] = []
  #unconfirmed = 0
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly shipping: LogShipperOptions) {
    const { service, url, heartbeatS } = shipping
    super({ name: `${service} logs`, url, heartbeatS, log: silent })
  }

  tell(line: NewLine): void {
    const { service, metrics } = this.shipping
    try {
      this.#lines.push(toLogLine(service, line))
    } catch {
      // a getter that throws, or the like
      metrics.logLinesDropped.inc()
      return
    }
    if (this.#lines.length > MAX_WAITING) {
      this.#lines.shift()
      metrics.logLinesDropped.inc()
    }
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref()
  }

  /** Sends what is left, if the broker takes it now. */
  override async close(): Promise<void> {
    this.#flush()
    await super.close()
  }

  protected open(model: ChannelModel): Promise<ConfirmChannel> {
    return model.createConfirmChannel()
  }

  protected async setUp({ channel }: Session<ConfirmChannel>): Promise<void> {
    await channel.checkExchange(LOGS_EXCHANGE)
    this.#unconfirmed = 0
    // once this session counts
    setImmediate(() => this.#flush())
  }

  protected ended(): void {}

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const level of LEVELS) this.#send(level)
    // blocked: nobody says when it is over
    if (this.#lines.length > 0 && this.session) this.#timer = setTimeout(() => this.#flush(), LOOK_AGAIN_MS).unref()
  }

  #send(level: LineLevel): void {
    for (;;) {
      const channel = this.session?.channel
      if (!channel || this.isBlocked || this.#unconfirmed >= MAX_UNCONFIRMED) return
      const lines = this.#lines.filter((line) => line.level === level).slice(0, MAX_LINES_A_MESSAGE)
      if (lines.length === 0) return
      if (!this.#publish(channel, level, lines)) return
      const sent = new Set(lines)
      this.#lines.splice(0, this.#lines.length, ...this.#lines.filter((line) => !sent.has(line)))
    }
  }

  /** false: the channel was closed a moment ago, and they go with the next session. */
  #publish(channel: ConfirmChannel, level: LineLevel, lines: readonly LogLine[]): boolean {
    const { service } = this.shipping
    const options = {
      contentType: 'application/json',
      appId: service,
      userId: this.addresses.user,
      timestamp: Math.floor(Date.now() / 1000),
    }
    try {
      channel.publish(LOGS_EXCHANGE, `log.${service}.${level}`, Buffer.from(JSON.stringify(lines)), options, () => {
        // those of a session that has ended are not awaited any more; lost or not, they are not sent again
        if (this.session?.channel !== channel) return
        this.#unconfirmed--
        if (this.#lines.length > 0) this.#flush()
      })
    } catch {
      return false
    }
    this.#unconfirmed++
    return true
  }
}
