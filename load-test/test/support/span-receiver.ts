import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

type Value = { stringValue?: string; intValue?: number; boolValue?: boolean; doubleValue?: number }
type Attributes = readonly { key: string; value: Value }[]

export interface ReceivedSpan {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly kind: string
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>
  readonly links: readonly { traceId: string; spanId: string }[]
  readonly isError: boolean
}

interface Exported {
  resourceSpans: {
    resource: { attributes: Attributes }
    scopeSpans: {
      spans: {
        traceId: string
        spanId: string
        parentSpanId?: string
        name: string
        kind: number
        startTimeUnixNano: string
        endTimeUnixNano: string
        attributes: Attributes
        links?: { traceId: string; spanId: string }[]
        status: { code?: number }
      }[]
    }[]
  }[]
}

const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']

const plain = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** Takes what services say of their traces (OTLP over HTTP), as a collector would. */
export class SpanReceiver {
  readonly spans: ReceivedSpan[] = []
  /** As it came, for whoever looks for what must not be in it. */
  raw = ''
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body)
      this.raw += text
      this.#take(JSON.parse(text))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Every span of the trace in which an order was placed. */
  traceOf(orderId: string): ReceivedSpan[] {
    const traceId = this.spans.find(({ attributes }) => attributes['shop.subject'] === orderId)?.traceId
    return this.spans.filter((span) => span.traceId === traceId)
  }

  #take({ resourceSpans }: Exported): void {
    for (const { resource, scopeSpans } of resourceSpans)
      for (const { spans } of scopeSpans)
        for (const span of spans)
          this.spans.push({
            service: String(plain(resource.attributes)['service.name']),
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId || undefined,
            name: span.name,
            kind: KINDS[span.kind] ?? '',
            startMs: Number(span.startTimeUnixNano) / 1e6,
            endMs: Number(span.endTimeUnixNano) / 1e6,
            attributes: plain(span.attributes),
            links: span.links ?? [],
            isError: span.status.code === 2,
          })
  }
}

/** A trace as indented lines, each span below its parent; those of acks are left out, since one settles a whole batch. */
export function spanTree(spans: readonly ReceivedSpan[]): string {
  const shown = spans.filter(({ name }) => !name.startsWith('ack '))
  const known = new Set(shown.map(({ spanId }) => spanId))
  const below = (parent: string | undefined, depth: number): string[] =>
    shown
      .filter(({ parentSpanId }) => (parentSpanId && known.has(parentSpanId) ? parentSpanId : undefined) === parent)
      .map(
        ({ service, name, kind, spanId }) =>
          `${'  '.repeat(depth)}${service} ${kind} ${name.replace('shop.events:', '')}\n${below(spanId, depth + 1).join('')}`,
      )
      .sort()
  return below(undefined, 0).join('')
}
