import type { ServiceName } from '../contracts/services'
import { silent } from '../log'
import { logsQueue } from '../messaging/names'
import {
  type Channel,
  type ChannelModel,
  type ConsumeMessage,
  RabbitLink,
  type Session,
} from '../messaging/rabbit-link'
import { isLogLine, type LogLine } from './log-line'

export interface LogReceiverOptions {
  readonly service: ServiceName
  readonly url: string
  readonly heartbeatS: number
  /** Rejects while the database is away: they are stored again, so twice must be as once. */
  readonly store: (lines: LogLine[]) => Promise<void>
  readonly onRefused: (lines: number) => void
}

const PREFETCH_MESSAGES = 50
const GATHER_MS = 200
const RETRY_MS = 1_000
const MAX_BODY_BYTES = 1024 * 1024

/** Hears the log lines of all services. It has no log of its own: a line about lines would be the next one. */
export class LogReceiver extends RabbitLink<Channel> {
  #waiting: ConsumeMessage[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly receiving: LogReceiverOptions) {
    const { service, url, heartbeatS } = receiving
    super({ name: `${service} hears logs`, url, heartbeatS, log: silent })
  }

  protected open(model: ChannelModel): Promise<Channel> {
    return model.createChannel()
  }

  protected async setUp(session: Session<Channel>): Promise<void> {
    const queue = logsQueue(this.receiving.service)
    await session.channel.prefetch(PREFETCH_MESSAGES)
    await session.channel.checkQueue(queue)
    await session.channel.consume(queue, (message) => {
      if (session.isOver) return
      if (!message) return session.fail('consumer cancelled by the broker')
      this.#waiting.push(message)
      this.#timer ??= setTimeout(() => void this.#storeAll(session), GATHER_MS)
    })
  }

  protected ended(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = []
  }

  async #storeAll(session: Session<Channel>): Promise<void> {
    const messages = this.#waiting.splice(0)
    const last = messages.at(-1)
    let pauseMs = GATHER_MS
    try {
      await this.receiving.store(messages.flatMap((message) => this.#linesOf(message)))
      if (!session.isOver && last) session.channel.ack(last, true)
    } catch {
      // the queue keeps the newest meanwhile
      if (!session.isOver) this.#waiting.unshift(...messages)
      pauseMs = RETRY_MS
    }
    if (session.isOver) return
    this.#timer = this.#waiting.length > 0 ? setTimeout(() => void this.#storeAll(session), pauseMs) : undefined
  }

  /** Only lines of the service that the broker lets speak under this key. */
  #linesOf({ content, fields: { routingKey } }: ConsumeMessage): LogLine[] {
    const [, service] = routingKey.split('.')
    const found = content.length > MAX_BODY_BYTES ? [undefined] : parsed(content)
    const lines = found.filter((line): line is LogLine => isLogLine(line) && line.service === service)
    if (lines.length < found.length) this.receiving.onRefused(found.length - lines.length)
    return lines
  }
}

function parsed(content: Buffer): unknown[] {
  try {
    const value: unknown = JSON.parse(content.toString())
    return Array.isArray(value) ? value : [value]
  } catch {
    return [undefined]
  }
}
