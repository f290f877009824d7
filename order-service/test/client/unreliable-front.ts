import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong with one request. */
export type Trouble =
  /** The request never arrives. */
  | 'lost'
  /** It is carried out, the answer gets lost. */
  | 'answer lost'
  /** Somebody on the way answers instead. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: object | string }

export interface Seen {
  readonly headers: IncomingHttpHeaders
  readonly atMs: number
}

/** The network between a client and a service: passes everything on, except what the test has prepared. */
export async function unreliableFront(target: string) {
  const troubles: Trouble[] = []
  const seen: Seen[] = []

  async function pass(request: IncomingMessage, response: ServerResponse, trouble: Trouble | undefined) {
    if (trouble === 'lost') return response.destroy()
    if (typeof trouble === 'object') {
      const { status, headers, body = '' } = trouble
      return response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const init = { method: request.method ?? 'GET', headers: headers as Record<string, string> }
    const answer = await fetch(target + request.url, {
      ...init,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    const body = await answer.text()
    if (trouble === 'answer lost') return response.destroy()
    return response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body)
  }

  const server = createServer((request, response) => {
    seen.push({ headers: request.headers, atMs: performance.now() })
    void pass(request, response, troubles.shift()).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** In order of arrival. */
    seen,
    /** For the next requests, one each. */
    prepare: (...next: Trouble[]) => {
      troubles.length = 0
      troubles.push(...next)
      seen.length = 0
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type UnreliableFront = Awaited<ReturnType<typeof unreliableFront>>
