import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'

/** A request as it goes over the wire: nothing is checked, normalised or added but Host and Content-Length. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | undefined
}

export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

const PATIENCE_MS = 10_000
// a stream need not end while somebody listens
const LISTEN_MS = 500
const agent = new Agent({ keepAlive: true })

/** By Node's own client: fetch refuses some verbs and headers. */
export function send(url: string, { method, path, headers, body }: Sent): Promise<Received> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const length = body && { 'content-length': String(body.length) }
    const asked = request({ host, port, agent, method, path, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      const end = () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, text: Buffer.concat(chunks).toString() })
      }
      response.on('end', end)
      if (response.headers['content-type']?.startsWith('text/event-stream')) hangUpOn(response, end)
    })
    asked.on('error', reject)
    asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error(`no answer to ${method} ${path}`)))
    asked.end(body)
  })
}

function hangUpOn(stream: IncomingMessage, end: () => void): void {
  const timer = setTimeout(() => {
    end()
    stream.destroy()
  }, LISTEN_MS)
  stream.on('end', () => clearTimeout(timer))
}

/** Any bytes, on a connection of their own. Answers what came back until the other side hung up. */
export function sendBytes(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname)
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => resolve(text))
    // a server that hangs up on nonsense may do so before all of it is read
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(text) : reject(error),
    )
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer to bytes')))
    socket.end(bytes)
  })
}
