import { failpoint } from '@order-saga/common'

// ten times the largest answer there is
const MAX_RESPONSE_BYTES = 64 * 1024

export interface Question {
  readonly key: string
  readonly body: object
}

export interface Answer {
  /** 0 when there was none. */
  readonly status: number
  readonly body: unknown
  readonly failure?: string
}

export type JsonClient = (method: 'GET' | 'POST', path: string, question?: Question) => Promise<Answer>

/**
 * HTTP to one fixed address: no redirects (they could lead anywhere), a bound in time from the first byte sent to
 * the last received, and a bound in size. Never throws, and never says what was sent.
 */
export function jsonClient(baseUrl: string, timeoutMs: number): JsonClient {
  const base = baseUrl.replace(/\/+$/, '')
  return async (method, path, question) => {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(base + path, {
        method,
        redirect: 'error',
        signal,
        headers: question ? { 'content-type': 'application/json', 'idempotency-key': question.key } : {},
        body: question ? JSON.stringify(question.body) : null,
      })
      failpoint('provider.executed', [path])
      return { status: response.status, body: await readJson(response) }
    } catch (error) {
      return { status: 0, body: undefined, failure: signal.aborted ? 'timeout' : nameOf(error) }
    }
  }
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_RESPONSE_BYTES) throw new RangeError('response too large')
    chunks.push(chunk)
  }
  return parse(Buffer.concat(chunks).toString('utf8'))
}

/** A proxy's error page is no JSON; its status still says something. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const nameOf = (error: unknown) => (error instanceof RangeError ? 'too_large' : 'network')
