import { Email } from '@order-saga/common'
import { Compile } from 'typebox/compile'

const email = Compile(Email)

/** One spelling per address, so that one person has one account. undefined: not an address. */
export function normaliseEmail(raw: string): string | undefined {
  const normalised = raw.trim().toLowerCase()
  return email.Check(normalised) ? normalised : undefined
}
