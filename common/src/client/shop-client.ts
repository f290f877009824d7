import type { ServiceName } from '../contracts/services'
import type { Api } from './api'
import { type Answer, type Ask, ask as askWithFetch, isPassing, pause, type Question } from './ask'
import { jittered, retryAfterMs, retryMs } from './delays'
import { NoAnswer, Refused } from './errors'

/** What a service may be asked, as its documents write it: `GET /orders/{id}`. */
export type OperationOf<S extends ServiceName> = keyof Api[S] & string
type Request<S extends ServiceName, O extends OperationOf<S>> = Omit<Api[S][O], 'answer'>
export type AnswerOf<S extends ServiceName, O extends OperationOf<S>> = Api[S][O] extends { answer: infer T }
  ? T
  : never

/** The parts of a request, of which there need to be none where none is required. */
type Parts<R> = object extends R ? [request?: R] : [request: R]

export interface Answered<T> extends Answer {
  readonly body: T
}

export interface ShopClientOptions {
  readonly baseUrlOf: (service: ServiceName) => string
  /** An access token, without `Bearer`; what is public needs none. */
  readonly token?: string | undefined
  /** Limit of all attempts together; 0: one attempt. */
  readonly maxMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** How requests are made: with fetch unless given. */
  readonly ask?: Ask | undefined
}

interface AnyRequest {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const ATTEMPT_MS = 10_000

/** Every service's whole API, typed by the documents of the services. */
export class ShopClient {
  constructor(private readonly options: ShopClientOptions) {}

  /** The same shop as somebody else sees it. */
  as(token: string): ShopClient {
    return new ShopClient({ ...this.options, token })
  }

  /**
   * Answers what the service said if it was yes. What may be asked again without doing it twice is asked again while the
   * service is away or overloaded.
   *
   * Throws `Refused` when the shop says no, `NoAnswer` when it says nothing, and the reason of the caller's `signal`.
   */
  async call<S extends ServiceName, O extends OperationOf<S>>(
    service: S,
    operation: O,
    ...[request]: Parts<Request<S, O>>
  ): Promise<Answered<AnswerOf<S, O>>> {
    const [method = '', template = ''] = operation.split(' ')
    const { path, query, headers = {}, body } = (request ?? {}) as AnyRequest
    const url = this.options.baseUrlOf(service) + filledIn(template, path) + searchOf(query)
    const answer = await this.#persist({ url, method, headers, body })
    return answer as Answered<AnswerOf<S, O>>
  }

  async #persist(question: Omit<Question, 'token' | 'timeoutMs' | 'signal'>): Promise<Answer> {
    const { token, maxMs = 30_000, signal, ask = askWithFetch } = this.options
    const endsAtMs = performance.now() + maxMs
    for (let attempts = 1; ; attempts++) {
      signal?.throwIfAborted()
      const leftMs = endsAtMs - performance.now()
      const timeoutMs = maxMs === 0 ? ATTEMPT_MS : Math.max(Math.ceil(Math.min(ATTEMPT_MS, leftMs)), 1)
      const answer = await ask({ ...question, token, timeoutMs, signal })
      if (answer && answer.status < 400) return answer
      const delayMs = Math.max(jittered(retryMs(attempts)), retryAfterMs(answer?.headers))
      const isHopeless = !mayAskAgain(question, answer) || performance.now() + delayMs >= endsAtMs
      if (isHopeless) throw answer ? new Refused(answer) : new NoAnswer(question.url, attempts)
      await pause(delayMs, signal)
    }
  }
}

/** A POST may have been carried out, unless it has a key or was not even begun. */
function mayAskAgain({ method, headers }: Pick<Question, 'method' | 'headers'>, answer: Answer | undefined): boolean {
  const isHarmless = method !== 'POST' || 'idempotency-key' in (headers ?? {})
  return isPassing(answer) && (isHarmless || answer?.status === 429)
}

const filledIn = (template: string, path: AnyRequest['path'] = {}) =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))

function searchOf(query: AnyRequest['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
