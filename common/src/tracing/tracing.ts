import type { Traceparent } from './traceparent'

/** By OTLP's numbers. */
export const KIND = { server: 2, client: 3, producer: 4, consumer: 5 } as const

export type AttributeValue = string | number | boolean
/** By names of ours: they are sent as they are. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>

/** A piece of work that is over. */
export interface Span {
  readonly context: Traceparent
  readonly parent?: Traceparent | undefined
  readonly name: string
  readonly kind: (typeof KIND)[keyof typeof KIND]
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Attributes
  /** What has to do with it without having caused it. */
  readonly links?: readonly Traceparent[]
  /** What went wrong, as a word of ours: never a text from outside. */
  readonly error?: string | undefined
}

/** Records spans of one service. Where nobody wants any there is none of it, and nothing is spent on them. */
export interface Tracing {
  /** Whether a trace that begins here is recorded. */
  samples(traceId: string): boolean
  /** Never waits, never throws: spans that nobody takes are dropped. */
  record(span: Span): void
  /** Sends what is left. */
  close(): Promise<void>
}

/** Milliseconds since 1970, to the microsecond. */
export const nowMs = (): number => ORIGIN_MS + performance.now()

const ORIGIN_MS = performance.timeOrigin
