import Type, { type Static } from 'typebox'

/** RFC 9457 problem details. `type` is `/problems/<slug>`, stable for programs; `detail` is for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.name = 'Problem'
  }

  get title(): string {
    const words = this.slug.replaceAll('-', ' ')
    return words.charAt(0).toUpperCase() + words.slice(1)
  }
}

export const notFound = (what: string) => new Problem(404, 'not-found', `No such ${what}.`)

export const unauthenticated = (detail = 'A valid access token is required.') =>
  new Problem(401, 'unauthenticated', detail, { 'WWW-Authenticate': 'Bearer' })

export const forbidden = () => new Problem(403, 'forbidden', 'This needs the role admin.')

export const unavailable = (slug: string, detail: string) => new Problem(503, slug, detail, { 'Retry-After': '1' })

/** Whole seconds, never 0: a client that waits so long does not come too early. */
export const secondsOf = (ms: number): number => Math.max(Math.ceil(ms / 1000), 1)

export const rateLimited = (retryAfterMs: number) =>
  new Problem(429, 'rate-limited', 'Too many requests: try again later.', {
    'Retry-After': String(secondsOf(retryAfterMs)),
  })

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

/** What a validator found wrong with a part of the request. */
export interface Invalid {
  readonly instancePath?: string
  readonly message?: string
}

interface Occurrence {
  readonly instance: string
  readonly requestId: string
  readonly invalid?: readonly Invalid[] | undefined
}

export const problemBody = (
  { slug, title, status, detail }: Problem,
  { instance, requestId, invalid }: Occurrence,
): Static<typeof ProblemBody> => ({
  type: `/problems/${slug}`,
  title,
  status,
  detail,
  instance,
  requestId,
  ...(invalid && {
    errors: invalid.map(({ instancePath = '', message = 'is invalid' }) => ({
      pointer: instancePath,
      detail: message,
    })),
  }),
})

export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: 'for programs' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'for people' }),
    instance: Type.String({ description: 'the path that was asked for' }),
    requestId: Type.String({ description: 'under which the log has it' }),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
  },
  { description: 'RFC 9457 problem details' },
)
