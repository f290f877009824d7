import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { selfSigned } from './self-signed'

/**
 * - `first`: TLS from the first byte on
 * - `asked`: as PostgreSQL does it, once the client has asked for it
 */
export type TlsBegins = 'first' | 'asked'

/** Speaks TLS for a server that does not, as one whose certificate nobody knows. */
export class TlsProxy {
  /** PEM: whoever is to trust it names this as an authority. */
  readonly cert: string
  readonly #key: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** What clients have said to the server, as far as they trusted it. */
  bytesForwarded = 0

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    begins: TlsBegins,
  ) {
    const { key, cert } = selfSigned()
    this.cert = cert
    this.#key = key
    this.#server = createServer((client) => {
      this.#know(client)
      if (begins === 'first') this.#secure(client)
      else
        client.once('data', () => {
          client.write('S')
          this.#secure(client)
        })
    })
  }

  static async to(host: string, port: number, begins: TlsBegins = 'first'): Promise<TlsProxy> {
    const proxy = new TlsProxy({ host, port }, begins)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** The same URL over TLS, by way of this proxy. */
  through(url: string, protocol: string): string {
    const { port } = this.#server.address() as AddressInfo
    const { username, password, pathname } = new URL(url)
    return `${protocol}//${username}:${password}@127.0.0.1:${port}${pathname}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #know(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }

  #secure(client: Socket): void {
    const secured = new TLSSocket(client, { isServer: true, key: this.#key, cert: this.cert })
    const server = connect(this.target)
    for (const socket of [secured, server]) this.#know(socket)
    secured.on('data', (chunk: Buffer) => {
      this.bytesForwarded += chunk.length
    })
    pipeline(secured, server, secured, () => {})
  }
}
