import type { IncomingHttpHeaders } from 'node:http'

const READABLE = /^[\w.:/+=-]{1,100}$/

/**
 * How the sender calls its request (`X-Request-Id`), so that both sides' logs can be laid side by side. It stands beside
 * the id of our own making and never for it: events carry that one on, and a sender could name somebody else's.
 * undefined: none, or none that fits into a log line.
 */
export function clientRequestIdOf({ 'x-request-id': sent }: IncomingHttpHeaders): string | undefined {
  return typeof sent === 'string' && READABLE.test(sent) ? sent : undefined
}
