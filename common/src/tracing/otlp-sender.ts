import { messageOf } from '../db/errors'
import type { Log } from '../log'
import { REQUEST_TAIL } from './otlp-json'

const SEND_EVERY_MS = 1_000
const CHUNK_BYTES = 1_048_576
// of UTF-16, in UTF-8
const MAX_BYTES_A_UNIT = 3
// what a service of this speed may say while answers are under way; more is dropped
const MAX_UNDER_WAY = 4
const ANSWERS_WITHIN_MS = 5_000

interface SenderOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** What goes before the spans. */
  readonly head: string
  readonly log: Log
}

/**
 * Gathers spans as bytes, in one piece of memory for all of a second, and posts them. Neither waits nor tries again: spans
 * that nobody takes are dropped, and the log says once that it is so, and once that it is over.
 */
export class OtlpSender {
  readonly #options: SenderOptions
  readonly #underWay = new Set<Promise<void>>()
  #chunk: Buffer | undefined
  #filled = 0
  #timer: NodeJS.Timeout | undefined
  #isLost = false

  constructor(options: SenderOptions) {
    this.#options = options
  }

  add(span: string): void {
    if (this.#chunk && this.#filled + bytesAtMost(span) > CHUNK_BYTES) this.#send()
    if (!this.#chunk && this.#underWay.size >= MAX_UNDER_WAY) {
      this.#lose('there are too many')
      return
    }
    const text = this.#chunk ? `,${span}` : this.#options.head + span
    this.#chunk ??= Buffer.allocUnsafe(CHUNK_BYTES)
    this.#filled += this.#chunk.write(text, this.#filled)
    this.#timer ??= setTimeout(() => this.#send(), SEND_EVERY_MS).unref()
  }

  async close(): Promise<void> {
    this.#send()
    await Promise.all(this.#underWay)
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#chunk) return
    const end = this.#filled + this.#chunk.write(REQUEST_TAIL, this.#filled)
    const posting: Promise<void> = this.#post(this.#chunk.subarray(0, end)).finally(() => {
      this.#underWay.delete(posting)
    })
    this.#underWay.add(posting)
    this.#chunk = undefined
    this.#filled = 0
  }

  async #post(body: Buffer): Promise<void> {
    const { url, headers, log } = this.#options
    try {
      const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS)
      const request = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body, signal }
      const answer = await fetch(url, request)
      // unread, it would hold its connection
      await answer.arrayBuffer()
      if (!answer.ok) return this.#lose(`status ${answer.status}`)
    } catch (error) {
      return this.#lose(messageOf(error))
    }
    if (this.#isLost) log.info({}, 'spans are taken again')
    this.#isLost = false
  }

  #lose(reason: string): void {
    if (!this.#isLost) this.#options.log.warn({ reason }, 'nobody takes spans: they are dropped')
    this.#isLost = true
  }
}

const bytesAtMost = (span: string): number => (span.length + 1) * MAX_BYTES_A_UNIT + REQUEST_TAIL.length
