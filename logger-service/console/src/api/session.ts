import { Problem, problemOf, unreachable } from './problem'

/** A login as this browser keeps it: all tabs share it, so that a link opens logged in. */
export interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: number
  readonly email: string
}

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresIn: number
}

const KEY = 'order-saga-session'
const listeners = new Set<() => void>()
/** Why the last session ended, for the login page. */
let farewell: string | null = null

export function currentSession(): Session | null {
  const kept = localStorage.getItem(KEY)
  return kept ? (JSON.parse(kept) as Session) : null
}

export const lastFarewell = (): string | null => farewell

export function onSessionChange(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => key === KEY && listener()
  addEventListener('storage', onStorage)
  listeners.add(listener)
  return () => {
    removeEventListener('storage', onStorage)
    listeners.delete(listener)
  }
}

function keep(session: Session | null): void {
  if (session) localStorage.setItem(KEY, JSON.stringify(session))
  else localStorage.removeItem(KEY)
  for (const listener of listeners) listener()
}

async function post(path: string, body: object, token?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null)
  if (!response) throw unreachable()
  if (!response.ok) throw await problemOf(response)
  return response
}

const sessionOf = ({ accessToken, refreshToken, expiresIn }: Tokens, email: string): Session => ({
  accessToken,
  refreshToken,
  expiresAt: Date.now() + expiresIn * 1000,
  email,
})

const NOT_FOR_CUSTOMERS =
  'This is the account of a customer. The console is for administrators; nothing was shown and you are logged out again.'

/** Only an administrator gets in; the tokens of anybody else are given back at once. */
export async function logIn(email: string, password: string): Promise<void> {
  const tokens = (await (await post('/session', { email, password })).json()) as Tokens
  const { accessToken } = tokens
  const headers = { authorization: `Bearer ${accessToken}` }
  const look = await fetch('/journeys?limit=1', { headers }).catch(() => null)
  if (look?.status === 403) {
    await post('/session/end', {}, accessToken).catch(() => {})
    throw new Problem(403, 'forbidden', NOT_FOR_CUSTOMERS)
  }
  farewell = null
  keep(sessionOf(tokens, email))
}

export async function logOut(reason: string | null = null): Promise<void> {
  const session = currentSession()
  farewell = reason
  keep(null)
  if (session && !reason) await post('/session/end', {}, session.accessToken).catch(() => {})
}

const lock = (work: () => Promise<void>): Promise<void> =>
  // tabs take turns: a refresh token is good once. Without TLS, other machines than this one have no locks.
  navigator.locks ? navigator.locks.request(KEY, work) : work()

let renewing: Promise<void> | undefined

/** A new access token, unless another tab has just got one. */
export function renew(used: string): Promise<void> {
  renewing ??= lock(() => renewOnce(used)).finally(() => {
    renewing = undefined
  })
  return renewing
}

async function renewOnce(used: string): Promise<void> {
  const session = currentSession()
  if (!session || session.accessToken !== used) return
  try {
    const { refreshToken } = session
    const tokens = (await (await post('/session/refresh', { refreshToken })).json()) as Tokens
    keep(sessionOf(tokens, session.email))
  } catch (error) {
    const isRefused = error instanceof Problem && [400, 401, 403].includes(error.status)
    if (!isRefused) throw error
    await logOut('Your session has ended. Log in again; you come back to where you were.')
  }
}
