import { setTimeout as pause } from 'node:timers/promises'
import { type Queryable, unavailable } from '@order-saga/common'
import { isPosition, type NewsStatement, newsSince, positionNow } from '../db/feed'

export interface Following<Row> {
  /** What is new, and where to go on; no rows now and then, so that proxies do not hang up. */
  news(hungUp: AbortSignal): AsyncGenerator<{ readonly position: string; readonly rows: readonly Row[] }>
  stop(): void
}

interface Limits {
  readonly streams: number
  readonly everyMs: number
  readonly heartbeatMs: number
  /** Whoever then comes again shows a token that still holds. */
  readonly maxAgeMs: number
}

const usual: Limits = { streams: 50, everyMs: 500, heartbeatMs: 15_000, maxAgeMs: 300_000 }

/**
 * Tells whoever listens what is written, as it is. Each stream reads the database, so it does not matter which
 * instance it asked, nor which one it asks next.
 */
export class Follow {
  readonly #limits: Limits
  readonly #closing = new AbortController()
  #open = 0

  constructor(
    private readonly db: Queryable,
    limits: Partial<Limits> = {},
  ) {
    this.#limits = { ...usual, ...limits }
  }

  /** From `lastSeen` on, else from now on. Throws the problem `streams-exhausted`. */
  follow<Row>(source: NewsStatement<Row>, keyOf: (row: Row) => string, lastSeen: string | undefined): Following<Row> {
    if (this.#closing.signal.aborted || this.#open >= this.#limits.streams)
      throw unavailable('streams-exhausted', 'Nobody else can be told as it happens: ask now and then.')
    this.#open++
    let isOpen = true
    const stop = () => {
      if (isOpen) this.#open--
      isOpen = false
    }
    return { news: (hungUp) => this.#news(source, keyOf, lastSeen, hungUp), stop }
  }

  /** Lets everybody go: the service ends. */
  close(): void {
    this.#closing.abort()
  }

  async *#news<Row>(
    source: NewsStatement<Row>,
    keyOf: (row: Row) => string,
    lastSeen: string | undefined,
    hungUp: AbortSignal,
  ) {
    const { everyMs, heartbeatMs, maxAgeMs } = this.#limits
    const ending = AbortSignal.any([hungUp, this.#closing.signal])
    const endsAtMs = performance.now() + maxAgeMs
    let position = lastSeen !== undefined && isPosition(lastSeen) ? lastSeen : undefined
    let told = new Set<string>()
    let quietSinceMs = Number.NEGATIVE_INFINITY
    while (!ending.aborted && performance.now() < endsAtMs) {
      try {
        position ??= await positionNow(this.db)
        const news = await newsSince(this.db, source, position)
        const keys = news.rows.map((row) => `${keyOf(row)} ${row.writtenIn}`)
        const rows = news.rows.filter((_row, index) => !told.has(keys[index] ?? ''))
        // what lies beyond the new position is found once more
        told = new Set(keys)
        position = news.position
        if (rows.length > 0 || performance.now() - quietSinceMs > heartbeatMs) {
          quietSinceMs = performance.now()
          yield { position, rows }
        }
      } catch {
        // the database is away: asked again in a moment
      }
      await pause(everyMs, undefined, { signal: ending }).catch(() => {})
    }
  }
}
