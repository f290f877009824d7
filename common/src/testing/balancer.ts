import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** One address in front of several instances: each connection goes to the next one that accepts it. */
export class Balancer {
  readonly #server: Server
  readonly #clients = new Set<Socket>()
  #turn = 0

  private constructor(private readonly ports: () => readonly number[]) {
    this.#server = createServer((client) => this.#accept(client))
  }

  /** Listens on a port of its own. */
  static async before(ports: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports)
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve))
    return balancer
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    this.#clients.add(client)
    client.on('error', () => {})
    client.once('close', () => this.#clients.delete(client))
    const ports = this.ports()
    const first = this.#turn++ % Math.max(ports.length, 1)
    forward(client, [...ports.slice(first), ...ports.slice(0, first)])
  }
}

function forward(client: Socket, [port, ...others]: readonly number[]): void {
  if (port === undefined) {
    client.destroy()
    return
  }
  const server = connect(port, '127.0.0.1')
  const passOn = () => forward(client, others)
  server.once('error', passOn)
  server.once('connect', () => {
    server.off('error', passOn)
    server.on('error', () => {})
    server.once('close', () => client.destroy())
    client.once('close', () => server.destroy())
    client.pipe(server).pipe(client)
  })
}
