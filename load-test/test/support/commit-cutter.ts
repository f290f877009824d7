import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CommitCutter {
  /** The same database through the cutter. */
  readonly url: string
  /** How many commits went through whose answer did not come back. */
  readonly cuts: number
  close(): Promise<void>
}

/**
 * Between a service and PostgreSQL: the first transaction that mentions `text` is committed, and the connection is
 * lost before anybody hears of it.
 */
export async function cutCommitOf(databaseUrl: string, text: string): Promise<CommitCutter> {
  const target = new URL(databaseUrl)
  const open = new Set<Socket>()
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let isMarked = false
    let isCut = false
    client.on('data', (chunk) => {
      isMarked ||= cuts === 0 && chunk.includes(text)
      if (isMarked && cuts === 0 && chunk.includes('COMMIT\0')) {
        isCut = true
        cuts++
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      // the server answers only what it has done
      if (isCut && chunk.includes('COMMIT\0')) client.destroy()
      else client.write(chunk)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    get cuts() {
      return cuts
    },
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
