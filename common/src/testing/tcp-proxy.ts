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

  private constructor(
    private readonly host: string,
    private readonly targetPort: number,
  ) {
    this.#server = createServer((client) => this.#accept(client))
  }

  static async to(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(host, port)
    await proxy.#listen(0)
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

  /** Resets every connection there is; new ones are accepted. */
  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) resetSocket(socket)
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
    client.on('data', (chunk) => this.#toServer(chunk, pair))
    server.on('data', (chunk) => {
      if (this.mode === 'pass') this.#forward(chunk, server, client)
    })
  }

  #toServer(chunk: Buffer, [client, server]: readonly [Socket, Socket]): void {
    if (this.mode === 'blackhole') return
    const cut = this.#cut
    if (!cut?.pattern.test(chunk.toString('latin1'))) {
      this.#forward(chunk, client, server)
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

  #forward(chunk: Buffer, from: Socket, to: Socket): void {
    const send = () => {
      if (to.writable && !to.write(chunk)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    }
    if (this.delayMs === 0) send()
    else setTimeout(send, this.delayMs)
  }
}

/** A socket that is just ending cannot be reset: its handle would stay open, and the process spin when it exits. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
