import { Problem, problemOf, unreachable } from './problem'
import { currentSession, logOut, renew } from './session'

export interface Request {
  readonly body?: object
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

// a token that ends while the request is under way would be refused
const EARLY_MS = 10_000

async function tokenNow(): Promise<string> {
  const session = currentSession()
  if (session && session.expiresAt - Date.now() < EARLY_MS) await renew(session.accessToken)
  const token = currentSession()?.accessToken
  if (!token) throw new Problem(401, 'unauthenticated', 'Log in first.')
  return token
}

async function send(path: string, token: string, { body, signal, headers }: Request): Promise<Response> {
  const sent = fetch(path, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  return sent.catch((error: unknown) => {
    throw error instanceof DOMException ? error : unreachable()
  })
}

/** As the administrator: a token that is refused is renewed once. */
export async function request(path: string, options: Request = {}): Promise<Response> {
  const token = await tokenNow()
  let response = await send(path, token, options)
  if (response.status === 401) {
    await renew(token)
    response = await send(path, await tokenNow(), options)
    if (response.status === 401) await logOut('Your session has ended. Log in again; you come back to where you were.')
  }
  if (!response.ok) throw await problemOf(response)
  return response
}

export async function ask<T>(path: string, options: Request = {}): Promise<T> {
  const response = await request(path, options)
  return (response.status === 204 ? null : await response.json()) as T
}

/** `/logs` and what is asked for; what is empty is left out. */
export function pathOf(path: string, query: Readonly<Record<string, string | number | null | undefined>>): string {
  const filled = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const search = new URLSearchParams(filled.map(([name, value]) => [name, String(value)]))
  return filled.length > 0 ? `${path}?${search}` : path
}
