import { once } from 'node:events'
import amqp, { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib'
import { messageOf } from '../db/errors'
import type { Log } from '../log'
import { BrokerAddresses } from './broker-addresses'

export type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage }

export interface LinkOptions {
  /** One broker, or the nodes of a cluster, comma separated. */
  readonly url: string
  readonly heartbeatS: number
  readonly name: string
  readonly log: Log
  /** Wrong credentials or vhost, three times before the first success. */
  readonly onRefused?: ((error: Error) => void) | undefined
  /** Hears once what the user may do beyond the manifest. */
  readonly onExcess?: ((rights: string[]) => void) | undefined
}

export interface Session<C extends Channel> {
  readonly channel: C
  readonly isOver: boolean
  /** Ends this session: the link reconnects and sets everything up again. */
  fail(reason: string): void
}

class Refused extends Error {}

// 5 s: a stopped broker accepts the socket and never answers, for longer than anybody wants to wait
const CONNECT_TIMEOUT_MS = 5_000
// half-open sockets never answer a close
const CLOSE_TIMEOUT_MS = 2_000
// a missing queue is looked for every second
const BACKOFF_MS = [100, 200, 500, 1_000]
const MAX_REFUSALS = 3

// amqplib's words for a wrong password, a missing vhost or no permission for it. No bare code such as 403: network
// errors name ports
const REFUSED = /ACCESS[_-]REFUSED|NOT[_-]ALLOWED|ConnectionOpenOk/

/**
 * One AMQP connection with one channel, kept alive. Anything that ends the channel (connection lost, channel
 * closed by the server, consumer cancelled, missing queue, a set-up that hangs or fails) ends the session, and
 * every session is set up from nothing: there is one way back, whatever went wrong. amqplib's own recovery covers
 * lost connections only.
 */
export abstract class RabbitLink<C extends Channel> {
  protected readonly addresses: BrokerAddresses
  #session: Session<C> | undefined
  #wake = () => {}
  #isClosed = false
  #wasUp = false
  #finished: Promise<void> = Promise.resolve()
  /** Why there is no session, in words anybody may read. */
  trouble: string | undefined = 'not connected yet'
  /** The broker is short of memory or disk and takes no more messages for now. */
  isBlocked = false

  constructor(protected readonly options: LinkOptions) {
    this.addresses = new BrokerAddresses(options.url)
  }

  protected abstract open(model: ChannelModel): Promise<C>
  /** Declares nothing: checks what must exist, and subscribes. */
  protected abstract setUp(session: Session<C>): Promise<void>
  protected abstract ended(reason: string): void

  get session(): Session<C> | undefined {
    return this.#session
  }

  get #where() {
    return { link: this.options.name, broker: this.addresses.host }
  }

  start(): void {
    this.#finished = this.#keepAlive()
  }

  /** Bounded: a link that is just connecting is left to its own timeouts. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    await Promise.race([this.#finished, timeout(CLOSE_TIMEOUT_MS + 500)])
  }

  async #keepAlive(): Promise<void> {
    let failures = 0
    let refusals = 0
    while (!this.#isClosed) {
      try {
        const reason = await this.#runSession()
        failures = 0
        this.trouble = 'reconnecting'
        if (!this.#isClosed) this.options.log.warn({ ...this.#where, reason }, 'broker session ended')
      } catch (error) {
        this.trouble = publicly(error)
        this.options.log.warn({ ...this.#where, reason: messageOf(error) }, 'no broker session')
        // later on it is the broker that has lost its users, and somebody is going to give them back
        if (error instanceof Refused && !this.#wasUp && ++refusals === MAX_REFUSALS) this.options.onRefused?.(error)
      }
      if (!this.#isClosed) await this.#pause(BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)] ?? 0)
    }
  }

  async #connect(): Promise<ChannelModel> {
    const { heartbeatS, name } = this.options
    const address = new URL(this.addresses.next())
    address.searchParams.set('heartbeat', String(heartbeatS))
    try {
      return await amqp.connect(address.href, {
        timeout: CONNECT_TIMEOUT_MS,
        // Nagle's algorithm costs half the throughput and 40 ms steps
        noDelay: true,
        clientProperties: { connection_name: name },
      })
    } catch (error) {
      if (!REFUSED.test(messageOf(error))) throw error
      throw new Refused('wrong user, password or vhost', { cause: error })
    }
  }

  /** Resolves with the reason when a session that was up has ended, rejects when it never came up. */
  async #runSession(): Promise<string> {
    const model = await this.#connect()
    const ending = new Ending()
    const end = (reason: string) => ending.declare(reason)
    // A broker shutdown emits only `close`; an `error` nobody hears ends the process.
    model.on('error', (error) => end(error.message))
    model.on('close', (error) => end(error?.message ?? 'connection closed'))
    model.on('handler-error', (error) => end(error.message))
    model.on('blocked', (reason) => this.#reportBlocked(true, reason))
    model.on('unblocked', () => this.#reportBlocked(false))
    this.#wake = () => end('closing')
    if (this.#isClosed) end('closing')
    try {
      this.#session = await this.#establish(model, ending)
      this.#wasUp = true
      this.trouble = undefined
      this.options.log.info(this.#where, 'broker session up')
      return await ending.reason
    } finally {
      end('set-up failed')
      const { channel } = this.#session ?? {}
      this.#session = undefined
      this.isBlocked = false
      this.ended(await ending.reason)
      await this.#destroy(model, channel)
    }
  }

  async #establish(model: ChannelModel, ending: Ending): Promise<Session<C>> {
    const failed = ending.reason.then((reason) => {
      throw new Error(reason)
    })
    const hung = once(AbortSignal.timeout(CONNECT_TIMEOUT_MS), 'abort').then(() => {
      throw new Error('set-up timed out')
    })
    const ready = (async () => {
      const channel = await this.open(model)
      channel.on('error', (error) => ending.declare(error.message))
      channel.on('close', () => ending.declare('channel closed'))
      channel.on('handler-error', (error) => ending.declare(error.message))
      const session = new OpenSession(channel, ending)
      await this.setUp(session)
      return session
    })()
    for (const promise of [failed, hung, ready]) promise.catch(() => {})
    return Promise.race([ready, failed, hung])
  }

  #reportBlocked(isBlocked: boolean, reason?: string): void {
    this.isBlocked = isBlocked
    this.options.log.warn({ link: this.options.name, reason }, `broker ${isBlocked ? 'blocks' : 'unblocks'} publishers`)
  }

  async #destroy(model: ChannelModel, channel: C | undefined): Promise<void> {
    const close = async () => {
      // the channel first, and its answer awaited: a connection's close overtakes the last acks
      await channel?.close().catch(() => {})
      await model.close()
    }
    await Promise.race([close().catch(() => {}), timeout(CLOSE_TIMEOUT_MS)])
    const { stream } = model.connection as unknown as { stream?: { destroy(): void } }
    stream?.destroy()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** The first reason why a session ended. */
class Ending {
  #resolve = (_reason: string) => {}
  isDeclared = false
  readonly reason = new Promise<string>((resolve) => {
    this.#resolve = resolve
  })

  declare(reason: string): void {
    this.isDeclared = true
    this.#resolve(reason)
  }
}

class OpenSession<C extends Channel> implements Session<C> {
  constructor(
    readonly channel: C,
    private readonly ending: Ending,
  ) {}

  get isOver(): boolean {
    return this.ending.isDeclared
  }

  fail(reason: string): void {
    this.ending.declare(reason)
  }
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}

/** What /readyz may say: errors of the network name hosts and go to the log only. */
function publicly(error: unknown): string {
  if (error instanceof Refused) return error.message
  const [, kind, name] = /no (queue|exchange) '([\w.-]+)'/.exec(messageOf(error)) ?? []
  return kind ? `${kind} ${name} is missing` : 'not reachable'
}
