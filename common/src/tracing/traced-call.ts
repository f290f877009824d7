import { below, isSampled, type Traceparent } from './traceparent'
import { type Attributes, KIND, nowMs, type Tracing } from './tracing'

export interface TracedCall<T> {
  readonly name: string
  readonly attributes: Attributes
  /** What its answer adds. */
  readonly seen?: (answer: T) => { readonly attributes?: Attributes; readonly error?: string | undefined }
}

/**
 * Calls somebody outside under a span of its own, or under the context there is where none are recorded: either way the
 * other side can go on with it.
 */
export async function tracedCall<T>(
  tracing: Tracing | undefined,
  parent: Traceparent | undefined,
  { name, attributes, seen }: TracedCall<T>,
  call: (context: Traceparent | undefined) => Promise<T>,
): Promise<T> {
  if (!tracing || parent === undefined || !isSampled(parent)) return call(parent)
  const context = below(parent)
  const span = { context, parent, name, kind: KIND.client, startMs: nowMs() }
  try {
    const answer = await call(context)
    const { attributes: more, error } = seen?.(answer) ?? {}
    tracing.record({ ...span, endMs: nowMs(), attributes: { ...attributes, ...more }, error })
    return answer
  } catch (error) {
    const type = error instanceof Error ? error.name : 'unknown'
    tracing.record({ ...span, endMs: nowMs(), attributes: { ...attributes, 'error.type': type }, error: type })
    throw error
  }
}
