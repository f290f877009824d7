import { callerOf, causeOfRequest, Problem } from '@order-saga/common'
import type { FastifyRequest } from 'fastify'
import type { Once } from '../db/idempotency'
import type { Product } from '../domain/product'
import type { Author } from '../use-cases/author'
import type { IsCurrent } from '../use-cases/update-product'

export const authorOf = (request: FastifyRequest): Author => ({
  adminId: callerOf(request).userId,
  cause: causeOfRequest(request),
})

export const etagOf = ({ version }: Pick<Product, 'version'>): string => `"${version}"`

/** RFC 9110 §13.1.1: without the header every version will do, and a weak tag matches none. */
export function ifMatchOf({ headers }: FastifyRequest): IsCurrent {
  const tags = headers['if-match']?.split(',').map((tag) => tag.trim())
  return (product) => tags === undefined || tags.includes('*') || tags.includes(etagOf(product))
}

export function answerOnce<T>(reply: { header(name: string, value: string): unknown }, once: Once<T>): T {
  if (once.isReplayed) reply.header('idempotency-replayed', 'true')
  return once.response
}

/** An RFC 8941 string in quotes, or bare. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const raw = headers['idempotency-key']
  if (raw === undefined) return undefined
  const key = /^"(?<quoted>.*)"$/.exec(String(raw))?.groups?.quoted ?? String(raw)
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new Problem(400, 'invalid-idempotency-key', 'Idempotency-Key has 1 to 255 visible ASCII characters.')
}
