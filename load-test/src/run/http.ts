import { type Answer, type Ask, methodOf, type Question } from '@order-saga/common/client'
import { type Dispatcher, Pool } from 'undici'
import type { Step } from './measures'
import type { Recorder } from './recorder'

type Call = Omit<Question, 'timeoutMs'> & { readonly timeoutMs?: number }

const TIMEOUT_MS = 10_000

/**
 * Requests over connections that are kept, timed. Not with fetch, which costs several times as much: the two of us share
 * a machine, and what the customers burn the shop does not get.
 */
export class Http {
  readonly #pools = new Map<string, Pool>()

  constructor(private readonly recorder: Recorder) {}

  /** Requests of this step, as the shipped client makes them. */
  asking(step: Step): Ask {
    return (question) => this.call(step, question)
  }

  async call(step: Step, call: Call): Promise<Answer | undefined> {
    const beganMs = performance.now()
    const answer = await this.#request(call).catch(() => undefined)
    const hasHint = answer?.headers.has('retry-after')
    this.recorder.answered(step, answer?.status ?? 0, performance.now() - beganMs, hasHint)
    call.signal?.throwIfAborted()
    return answer
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
  }

  async #request(call: Call): Promise<Answer> {
    const { url, token, headers, body, timeoutMs = TIMEOUT_MS } = call
    const { origin, pathname, search } = new URL(url)
    const response = await this.#pool(origin).request({
      method: methodOf(call) as Dispatcher.HttpMethod,
      path: pathname + search,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.body.text()
    return {
      status: response.statusCode,
      headers: headersOf(response.headers),
      body: text === '' ? undefined : JSON.parse(text),
    }
  }

  #pool(origin: string): Pool {
    const pool = this.#pools.get(origin) ?? new Pool(origin)
    this.#pools.set(origin, pool)
    return pool
  }
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Answer['headers'] {
  return {
    get: (name) => headers[name]?.toString() ?? null,
    has: (name) => headers[name] !== undefined,
  }
}
