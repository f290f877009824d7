import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '@order-saga/common'
import type { FastifyRequest } from 'fastify'

export const SIGNATURE_HEADER = 'webhook-signature'

// either way: clocks differ, and what is older may have been overheard
const TOLERANCE_S = 300

const DIGEST = /^[0-9a-f]{64}$/

interface Signature {
  readonly signedAt: string
  readonly digests: readonly Buffer[]
}

/**
 * `t=<seconds since 1970>,v1=<hex>`, where v1 is the HMAC-SHA-256 of `<t>.<body as sent>`. A sender who is changing its
 * secret signs twice.
 */
export function readSignature(header: unknown): Signature | undefined {
  const parts = typeof header === 'string' ? header.split(',').map((part) => part.split('=')) : []
  const valuesOf = (name: string) => parts.flatMap(([key, value = '']) => (key === name ? [value] : []))
  const [signedAt = '', ...others] = valuesOf('t')
  const digests = valuesOf('v1')
  if (!/^\d{1,12}$/.test(signedAt) || others.length > 0) return undefined
  if (digests.length === 0 || digests.length > 5 || !digests.every((digest) => DIGEST.test(digest))) return undefined
  return { signedAt, digests: digests.map((digest) => Buffer.from(digest, 'hex')) }
}

export const isRecent = ({ signedAt }: Signature, nowMs: number): boolean =>
  Math.abs(nowMs / 1000 - Number(signedAt)) <= TOLERANCE_S

/** Every digest is compared in full, in constant time. */
export function isSignatureOf({ signedAt, digests }: Signature, body: Buffer, secret: string): boolean {
  const right = createHmac('sha256', secret).update(`${signedAt}.`).update(body).digest()
  return digests.map((digest) => timingSafeEqual(digest, right)).some(Boolean)
}

// one answer for whatever is wrong: who guesses learns nothing from it
export const notSigned = () =>
  new Problem(401, 'bad-signature', 'The webhook is not signed as agreed, or too long ago.', {
    'WWW-Authenticate': 'Webhook-Signature',
  })

/** The body is undefined while it is not yet read. */
export const refuseUnsigned =
  (secret: string) =>
  ({ headers }: FastifyRequest, body?: Buffer): Problem | undefined => {
    const signature = readSignature(headers[SIGNATURE_HEADER])
    if (!signature || !isRecent(signature, Date.now())) return notSigned()
    return body === undefined || isSignatureOf(signature, body, secret) ? undefined : notSigned()
  }
