import { randomUUID } from 'node:crypto'
import { type Id, newId, userUpdated } from '@order-saga/common'
import { eventOf, testTokens } from '@order-saga/common/testing'
import type { Publishers } from './publishers'

export interface Customer {
  readonly id: Id
  readonly email: string
  readonly password: string
  /** Without `Bearer`. */
  readonly token: string
}

/** Whoever opens accounts and signs tokens. */
export interface Authority {
  /** undefined: auth-service's own. */
  readonly jwksUrl?: string
  customer(): Promise<Customer>
  /** An administrator's token. */
  admin(): Promise<string>
  close(): Promise<void>
}

const newcomer = () => ({ email: `${randomUUID()}@example.com`, password: `correct horse ${randomUUID()}` })

/** Tokens at once, with nobody hashing passwords; accounts are announced as auth-service would, which mails no welcome. */
export async function testAuthority(publishers: Publishers): Promise<Authority> {
  const tokens = await testTokens()
  return {
    jwksUrl: tokens.jwksUrl,
    customer: async () => {
      const { email, password } = newcomer()
      const id = newId()
      await publishers.publish(eventOf(userUpdated, { userId: id, email, name: 'Ada', version: 1 }))
      return { id, email, password, token: tokens.bearer(id).slice('Bearer '.length) }
    },
    admin: async () => tokens.bearer(newId(), 'admin').slice('Bearer '.length),
    close: () => tokens.close(),
  }
}

/** Accounts and tokens of auth-service itself. */
export function realAuthority(authUrl: () => string): Authority {
  const ask = async <T>(path: string, { body, token }: { body?: object; token?: string }): Promise<T> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const response = await fetch(
      authUrl() + path,
      body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
    )
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json() as Promise<T>
  }
  const logIn = async (email: string, password: string) =>
    (await ask<{ accessToken: string }>('/login', { body: { email, password } })).accessToken
  return {
    customer: async () => {
      const { email, password } = newcomer()
      await ask('/register', { body: { email, password, name: 'Ada' } })
      const token = await logIn(email, password)
      const { id } = await ask<{ id: Id }>('/me', { token })
      return { id, email, password, token }
    },
    admin: () => logIn('admin@shop.example', 'development-only-admin'),
    close: async () => {},
  }
}
