import type { ServiceName } from '@order-saga/common'
import { call } from '../demo/shop'
import type { Selection } from './options'

export interface Letter {
  readonly service: ServiceName
  readonly id: string
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly attempts: number
  readonly lastFailedAt: string
}

/** What somebody could not be asked, or refused, in words. */
export interface Failure {
  readonly service: ServiceName
  readonly why: string
}

export interface Found {
  readonly letters: readonly Letter[]
  readonly failures: readonly Failure[]
}

interface Page {
  readonly items: Omit<Letter, 'service'>[]
  readonly next: string | null
}

const PATH = '/admin/dead-letters'

/** Asks every service for what is selected; one that does not answer does not hide the letters of the others. */
export async function findLetters(token: string, { id, services, reason }: Selection): Promise<Found> {
  const failures: Failure[] = []
  const each = services.map(async (service) => {
    try {
      return id ? await lettersById(token, service, id) : await lettersOf(token, service, reason)
    } catch (error) {
      failures.push({ service, why: error instanceof Error ? error.message : String(error) })
      return []
    }
  })
  return { letters: (await Promise.all(each)).flat(), failures }
}

async function lettersOf(token: string, service: ServiceName, reason: string | undefined): Promise<Letter[]> {
  const letters: Letter[] = []
  for (let next: string | null | undefined; next !== null; ) {
    const query = new URLSearchParams({ limit: '200', ...(reason && { reason }), ...(next && { before: next }) })
    const page: Page = await answerOf(service, `${PATH}?${query}`, token)
    letters.push(...page.items.map((item) => ({ service, ...item })))
    next = page.next
  }
  return letters
}

async function lettersById(token: string, service: ServiceName, id: string): Promise<Letter[]> {
  const { status, body } = await call<Letter>(service, `${PATH}/${id}`, { token })
  if (status === 404) return []
  return [{ ...must(status, body), service }]
}

const answerOf = async <T>(service: ServiceName, path: string, token: string): Promise<T> => {
  const { status, body } = await call<T>(service, path, { token })
  return must(status, body)
}

/** Answers what came of it. */
export async function settle(
  token: string,
  { service, id }: Pick<Letter, 'service' | 'id'>,
  action: 'redrive' | 'discard',
  why: string,
): Promise<string> {
  const question = { method: 'POST', token, body: { reason: why } }
  const { status, body } = await call<{ outcome: string }>(service, `${PATH}/${id}/${action}`, question)
  return must(status, body).outcome
}

function must<T>(status: number, body: T): T {
  if (status === 200) return body
  throw new Error((body as { detail?: string } | undefined)?.detail ?? `answered ${status}`)
}
