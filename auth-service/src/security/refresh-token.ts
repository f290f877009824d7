import { createHash, randomBytes } from 'node:crypto'

export const newRefreshToken = (): string => randomBytes(32).toString('base64url')

// 128 bits: it is copied by hand at worst, and good for minutes only
export const newResetCode = (): string => randomBytes(16).toString('base64url')

/** What is stored of a secret that is too long to be guessed: looking it up by this tells nothing about it by its time. */
export const sha256Of = (secret: string): Buffer => createHash('sha256').update(secret).digest()
