import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

/** One JSON object a line, read as it arrives. */
export async function* jsonLines<T>(input: Readable | ReadableStream<Uint8Array> | null): AsyncGenerator<T> {
  if (!input) return
  const stream = input instanceof Readable ? input : Readable.from(input as unknown as AsyncIterable<Uint8Array>)
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== '') yield JSON.parse(line) as T
}
