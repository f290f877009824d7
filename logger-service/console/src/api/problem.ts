/** A refusal of the API (RFC 9457), or that nobody answered (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    detail: string,
    readonly requestId: string | null = null,
  ) {
    super(detail)
    this.name = 'Problem'
  }

  get isUnreachable(): boolean {
    return this.status === 0
  }
}

export const unreachable = (): Problem =>
  new Problem(0, 'unreachable', 'logger-service does not answer. This page asks again by itself.')

export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id')
  const body = (await response.json().catch(() => ({}))) as { type?: unknown; detail?: unknown }
  const slug = typeof body.type === 'string' ? body.type.replace('/problems/', '') : 'unknown'
  const detail = typeof body.detail === 'string' ? body.detail : `The answer was ${response.status}.`
  return new Problem(response.status, slug, detail, requestId)
}
