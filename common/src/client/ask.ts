import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer {
  readonly status: number
  readonly headers: Pick<Headers, 'get' | 'has'>
  /** Undefined without a JSON body. */
  readonly body: unknown
}

/** A request to make. */
export interface Question {
  /** POST with a body and GET without one, unless given. */
  readonly method?: string
  readonly url: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes one request. Answers undefined when no whole answer came: nobody knows then whether the request was carried out.
 * Throws only the reason of the caller's own `signal`.
 */
export type Ask = (question: Question) => Promise<Answer | undefined>

/** With fetch. */
export const ask: Ask = async (question) => {
  const { url, token, headers, body, timeoutMs, signal, method = methodOf(question) } = question
  const timeout = AbortSignal.timeout(timeoutMs)
  const init: RequestInit = {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
      ...(body !== undefined && JSON_BODY),
    },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  try {
    const response = await fetch(url, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}

export const methodOf = ({ method, body }: Pick<Question, 'method' | 'body'>): string =>
  method ?? (body === undefined ? 'GET' : 'POST')

const JSON_BODY = { 'content-type': 'application/json' }

/** A proxy on the way may answer with a page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether asking again may help: no answer, overload, a server that is away. */
export const isPassing = (answer: Answer | undefined): boolean =>
  answer === undefined || answer.status >= 500 || answer.status === 429

/** Sleeps, unless `signal` aborts: then throws its reason. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted())
}
