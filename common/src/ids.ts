import { randomFillSync } from 'node:crypto'
import { type Id, UUID_V7 } from './schemas'

export type NewId = () => Id

const pool = Buffer.alloc(4096)
let used = pool.length
let lastMs = 0
let counter = 0

function takeRandom(bytes: number): Buffer {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.subarray(used - bytes, used)
}

/**
 * A new UUIDv7, strictly increasing within this process (the 12 bits after the version are a counter),
 * even when the clock steps back.
 */
export function newId(): Id {
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    counter = takeRandom(2).readUInt16BE() & 0x7ff
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  const random = takeRandom(8)
  const time = lastMs.toString(16).padStart(12, '0')
  const variant = (0x80 | ((random[0] ?? 0) & 0x3f)).toString(16)
  const tail = random.toString('hex', 1)
  const sequence = counter.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`
}

/** Lower than every id made at this time or later: what is younger is found by its id. */
export function idBefore(atMs: number): Id {
  const time = atMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** When it was made, in milliseconds since 1970, by the clock of who made it. */
export const timeOf = (id: Id): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

const pattern = new RegExp(UUID_V7)

export const isId = (value: unknown): value is Id => typeof value === 'string' && pattern.test(value)
