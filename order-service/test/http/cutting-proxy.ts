import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  /** The database, by way of the proxy. */
  readonly url: string
  /** Number of connections cut since it was asked to. */
  readonly cuts: number
  /** Loses the connection of the next COMMIT before the server gets it, or after, with its answer. */
  cutAtCommit(moment: 'before' | 'after'): void
  close(): Promise<void>
}

/** The network between a service and its database, which fails at the worst moment. */
export async function cuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let armed: 'before' | 'after' | undefined
  let cuts = 0

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const cut = () => {
      cuts++
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    let isAnswerLost = false
    near.on('data', (bytes) => {
      const moment = bytes.includes('COMMIT') ? armed : undefined
      if (moment) armed = undefined
      if (moment === 'before') return cut()
      isAnswerLost ||= moment === 'after'
      far.write(bytes)
    })
    far.on('data', (bytes) => (isAnswerLost ? cut() : near.write(bytes)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    get cuts() {
      return cuts
    },
    cutAtCommit: (moment) => {
      armed = moment
      cuts = 0
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
