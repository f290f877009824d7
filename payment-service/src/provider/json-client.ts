import { failpoint, type Traceparent } from '@order-saga/common'
import { errors, Pool } from 'undici'

// ten times the largest answer there is
const MAX_RESPONSE_BYTES = 64 * 1024

export interface Question {
  readonly key?: string
  readonly body?: object
  readonly traceparent?: Traceparent | undefined
}

export interface Answer {
  /** 0 when there was none. */
  readonly status: number
  readonly body: unknown
  readonly failure?: string
}

export type JsonClient = (method: 'GET' | 'POST', path: string, question: Question) => Promise<Answer>

/**
 * HTTP to one fixed address: no redirects (they could lead anywhere), a bound in time from the first byte sent to
 * the last received, and a bound in size. Never throws, and never says what was sent. Not `fetch`, which takes several
 * times as much processor: the call is the dearest part of a payment.
 */
export function jsonClient(baseUrl: string, timeoutMs: number): JsonClient {
  const { origin, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, { maxResponseSize: MAX_RESPONSE_BYTES })
  return async (method, path, question) => {
    // not AbortSignal.timeout, which keeps the request and goes off long after it was answered
    const tooLate = new AbortController()
    const { signal } = tooLate
    const timer = setTimeout(() => tooLate.abort(), timeoutMs)
    try {
      const response = await pool.request({
        method,
        path: prefix + path,
        signal,
        headers: headersOf(question),
        body: question.body ? JSON.stringify(question.body) : null,
      })
      failpoint('provider.executed', [path])
      return { status: response.statusCode, body: parse(await response.body.text()) }
    } catch (error) {
      return { status: 0, body: undefined, failure: signal.aborted ? 'timeout' : nameOf(error) }
    } finally {
      clearTimeout(timer)
    }
  }
}

const headersOf = ({ key, body, traceparent }: Question): Record<string, string> => ({
  ...(body && { 'content-type': 'application/json' }),
  ...(key && { 'idempotency-key': key }),
  ...(traceparent && { traceparent }),
})

/** A proxy's error page is no JSON; its status still says something. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const nameOf = (error: unknown) => (error instanceof errors.ResponseExceededMaxSizeError ? 'too_large' : 'network')
