import { type Id, type Log, type Metrics, messageOf } from '@order-saga/common'
import type { Redis } from 'ioredis'
import { Counter } from 'prom-client'
import type { Loaded } from '../db/product-statements'
import type { Product } from '../domain/product'
import { Limit } from './limit'
import { SingleFlight } from './single-flight'

const FRESH_MS = 300_000
// served while the next copy is being fetched, so that nobody waits for it
const STALE_MS = 60_000
// longer than any load: a statement ends after 10 s, so whatever read an older version comes too early to slip in
const MARKER_MS = 60_000
const MAX_LOADS = 10

const MARKER = ''
const GONE = 'null'

/** For each key: version, body, lifetime. An older version never replaces a newer one, a marker no body of its own version. */
const PUT = `
  for i, key in ipairs(KEYS) do
    local version, body, ttl = tonumber(ARGV[i * 3 - 2]), ARGV[i * 3 - 1], ARGV[i * 3]
    local stored = tonumber(redis.call('HGET', key, 'version') or -1)
    if version > stored or (version == stored and body ~= '') then
      redis.call('HSET', key, 'version', version, 'body', body)
      redis.call('PEXPIRE', key, ttl)
    end
  end`

interface Put {
  readonly id: Id
  readonly version: number
  readonly body: string
  readonly ttlMs: number
}

interface Options {
  readonly redis: Redis
  /** Begins its keys. */
  readonly prefix: string
  readonly load: (id: Id) => Promise<Loaded | undefined>
  readonly metrics: Metrics
  readonly log: Log
}

/**
 * Products by id, cache-aside. Nothing depends on it: without Redis every read goes to the database, a few at a
 * time. Copies carry the row's version, so that a slow reader cannot put back what a writer has just outdated.
 */
export class ProductCache {
  readonly #options: Options
  readonly #finding = new SingleFlight<Product | undefined>()
  readonly #loading = new SingleFlight<Product | undefined>()
  readonly #limit = new Limit(MAX_LOADS)
  readonly #reads: Counter
  #prefix: string | undefined

  constructor(options: Options) {
    this.#options = options
    this.#reads = new Counter({
      name: 'product_cache_reads_total',
      help: 'Product reads by what the cache had: hit, stale, miss, or bypass while Redis is away',
      labelNames: ['outcome'],
      registers: [options.metrics.registry],
    })
  }

  /** A new database must not meet the copies of an old one, so they are kept under the catalogue's own id. */
  open(catalogueId: Id): void {
    this.#prefix = `${this.#options.prefix}product:${catalogueId}:`
  }

  get isOpen(): boolean {
    return this.#prefix !== undefined
  }

  /** undefined: no such product, or not any more. */
  find(id: Id): Promise<Product | undefined> {
    return this.#finding.run(id, () => this.#find(id))
  }

  /** After a commit: copies older than these versions are not served again. Best effort, bounded by their lifetime. */
  outdate(products: readonly { id: Id; version: number }[]): void {
    for (const { id } of products) {
      this.#finding.forget(id)
      this.#loading.forget(id)
    }
    this.#put(products.map(({ id, version }) => ({ id, version, body: MARKER, ttlMs: MARKER_MS })))
  }

  async #find(id: Id): Promise<Product | undefined> {
    const copy = await this.#read(id)
    this.#reads.inc({ outcome: copy.outcome })
    if (copy.outcome === 'hit') return copy.product
    const fresh = this.#loadOnce(id)
    if (copy.outcome !== 'stale') return fresh
    fresh.catch(() => {})
    return copy.product
  }

  async #read(id: Id): Promise<{ outcome: string; product?: Product | undefined }> {
    const { redis, log } = this.#options
    if (this.#prefix === undefined || redis.status !== 'ready') return { outcome: 'bypass' }
    try {
      const key = this.#prefix + id
      const [body, ttlMs] = await Promise.all([redis.hget(key, 'body'), redis.pttl(key)])
      if (!body) return { outcome: 'miss' }
      const product: Product | undefined = JSON.parse(body) ?? undefined
      return { outcome: ttlMs < STALE_MS ? 'stale' : 'hit', product }
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'product cache could not be read')
      return { outcome: 'bypass' }
    }
  }

  #loadOnce(id: Id): Promise<Product | undefined> {
    return this.#loading.run(id, () => this.#limit.run(() => this.#load(id)))
  }

  async #load(id: Id): Promise<Product | undefined> {
    const loaded = await this.#options.load(id)
    // what never was is not remembered: anybody can invent ids
    if (!loaded) return undefined
    const { version, isDeleted, product } = loaded
    const body = isDeleted ? GONE : JSON.stringify(product)
    // ± 10 %, so that what was cached together does not expire together
    const ttlMs = Math.round(FRESH_MS * (0.9 + Math.random() * 0.2)) + STALE_MS
    this.#put([{ id, version, body, ttlMs }])
    return isDeleted ? undefined : product
  }

  #put(puts: readonly Put[]): void {
    const { redis, log } = this.#options
    const prefix = this.#prefix
    if (prefix === undefined || redis.status !== 'ready' || puts.length === 0) return
    const keys = puts.map(({ id }) => prefix + id)
    const values = puts.flatMap(({ version, body, ttlMs }) => [version, body, ttlMs])
    redis.eval(PUT, keys.length, ...keys, ...values).catch((error) => {
      log.warn({ reason: messageOf(error) }, 'product cache could not be written')
    })
  }
}
