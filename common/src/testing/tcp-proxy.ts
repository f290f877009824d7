import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * - `pass`: forwards
 * - `blackhole`: accepts, keeps what it has, forwards nothing
 * - `half-open`: the server hears the client, the client hears nothing
 */
export type ProxyMode = 'pass' | 'blackhole' | 'half-open'

/** A network that misbehaves on demand between a client and a server. */
export class TcpProxy {
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  readonly #server: Server
  #cut: { pattern: RegExp; done: () => void } | undefined
  mode: ProxyMode = 'pass'
  /** Each chunk waits so long, either way. */
  delayMs = 0
  /** Up to so much longer, differently each time; chunks stay in sequence. */
  jitterMs = 0
  /** How much passes in a second, either way and per connection. */
  bytesPerS = Number.POSITIVE_INFINITY
  /** An answer that matches does not reach the client: its connection is cut instead. What it answers is done. */
  cutsAnswer: RegExp | undefined
  /** How many answers were cut off. */
  cuts = 0
  /** How many chunks arrived, from either side. */
  chunks = 0

  private constructor(
    private readonly host: string,
    private readonly targetPort: number,
  ) {
    this.#server = createServer((client) => this.#accept(client))
  }

  /** Listens on a port of its own unless told which. */
  static async to(host: string, port: number, listenPort = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(host, port)
    await proxy.#listen(listenPort)
    return proxy
  }

  get port(): number {
    return this.#port
  }
  #port = 0

  /** The same URL, by way of this proxy. */
  through(url: string): string {
    const target = new URL(url)
    target.hostname = '127.0.0.1'
    target.port = String(this.#port)
    return target.href
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Resets every connection there is; new ones are accepted. */
  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) resetSocket(socket)
  }

  /** Says something to the server in every client's name. */
  sayToServer(bytes: Buffer): void {
    for (const [, server] of this.#pairs) if (server.writable) server.write(bytes)
  }

  /** New connections are refused; those there are stay. */
  async refuse(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      // resolves when the last connection has gone, which a test may not want to wait for
      if (this.#pairs.size > 0) resolve()
    })
  }

  async accept(): Promise<void> {
    if (!this.#server.listening) await this.#listen(this.#port)
  }

  /** Forwards what the client sends next that matches, and cuts its connection before an answer can pass. */
  cutAfter(pattern: RegExp): Promise<void> {
    return new Promise((done) => {
      this.#cut = { pattern, done }
    })
  }

  async close(): Promise<void> {
    this.reset()
    await this.refuse()
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        this.#port = (this.#server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  #accept(client: Socket): void {
    const server = connect(this.targetPort, this.host)
    const pair = [client, server] as const
    this.#pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      from.setNoDelay(true)
      from.on('error', () => {})
      from.on('close', () => {
        // who is cut off hears nothing of the end either
        if (this.mode === 'pass') to.destroy()
        if (client.destroyed && server.destroyed) this.#pairs.delete(pair)
      })
    }
    const pace = { there: new Pace(this), back: new Pace(this) }
    client.on('data', (chunk) => this.#toServer(chunk, pair, pace.there))
    server.on('data', (chunk) => this.#toClient(chunk, pair, pace.back))
  }

  #toClient(chunk: Buffer, [client, server]: readonly [Socket, Socket], pace: Pace): void {
    this.chunks++
    if (this.mode !== 'pass') return
    if (this.cutsAnswer?.test(chunk.toString('latin1'))) {
      this.cuts++
      resetSocket(client)
    } else forward(chunk, server, client, pace)
  }

  #toServer(chunk: Buffer, [client, server]: readonly [Socket, Socket], pace: Pace): void {
    this.chunks++
    if (this.mode === 'blackhole') return
    const cut = this.#cut
    if (!cut?.pattern.test(chunk.toString('latin1'))) {
      forward(chunk, client, server, pace)
      return
    }
    this.#cut = undefined
    server.removeAllListeners('data').on('data', () => {})
    client.removeAllListeners('close')
    // the server reads to the end of what was sent; only the client is cut off
    server.end(chunk)
    resetSocket(client)
    cut.done()
  }
}

interface Held {
  readonly untilMs: number
  readonly send: () => void
}

/** One direction of a connection: a slow network holds chunks up, and none overtakes another. */
class Pace {
  readonly #held: Held[] = []
  #freeAtMs = 0

  constructor(private readonly network: Pick<TcpProxy, 'delayMs' | 'jitterMs' | 'bytesPerS'>) {}

  letThrough(bytes: number, send: () => void): void {
    const { delayMs, jitterMs, bytesPerS } = this.network
    const passesMs = Number.isFinite(bytesPerS) ? (bytes * 1000) / bytesPerS : 0
    const arrivesAtMs = performance.now() + delayMs + Math.random() * jitterMs
    this.#freeAtMs = Math.max(this.#freeAtMs, arrivesAtMs) + passesMs
    const isHeld = this.#held.length > 0 || this.#freeAtMs - performance.now() >= 1
    if (!isHeld) {
      send()
      return
    }
    this.#held.push({ untilMs: this.#freeAtMs, send })
    if (this.#held.length === 1) this.#awaitFirst()
  }

  #awaitFirst(): void {
    const [first] = this.#held
    if (!first) return
    setTimeout(() => {
      this.#held.shift()
      first.send()
      this.#awaitFirst()
    }, first.untilMs - performance.now())
  }
}

function forward(chunk: Buffer, from: Socket, to: Socket, pace: Pace): void {
  pace.letThrough(chunk.length, () => {
    if (to.writable && !to.write(chunk)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  })
}

/** A socket that is just ending cannot be reset: its handle would stay open, and the process spin when it exits. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
