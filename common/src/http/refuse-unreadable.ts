import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { newId } from '../ids'
import { PROBLEM_JSON, Problem, problemBody } from './problem'
import { safeHeaders } from './safe-headers'

const byCode: Record<string, Problem> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'request-timeout', 'The request took too long to arrive.'),
  HPE_HEADER_OVERFLOW: new Problem(431, 'headers-too-large', 'Path and headers may have 16 KiB together.'),
}
const malformed = new Problem(400, 'malformed-request', 'This is not HTTP/1.1.')
const unmetExpectation = new Problem(417, 'expectation-failed', 'Only 100-continue may be expected.')

/** What is no HTTP never becomes a request: it is answered on the bare socket, and the connection ends. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return
  const problem = byCode[error.code ?? ''] ?? malformed
  const { body, headers } = answerTo(problem, '')
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...lines].join('\r\n')
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy())
}

/** Node would answer this one by itself, with nothing but a status. */
export function refuseExpectation({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const { body, headers } = answerTo(unmetExpectation, url.split('?')[0] ?? '')
  response.writeHead(unmetExpectation.status, headers).end(body)
}

function answerTo(problem: Problem, instance: string) {
  const requestId = newId()
  const body = JSON.stringify(problemBody(problem, { instance, requestId }))
  const length = String(Buffer.byteLength(body))
  return { body, headers: { 'content-type': PROBLEM_JSON, 'content-length': length, ...safeHeaders(requestId) } }
}
