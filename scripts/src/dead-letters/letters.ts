import type { ServiceName } from '@order-saga/common'
import { type AnswerOf, Refused, ShopClient } from '@order-saga/common/client'
import { baseUrlOf } from '../shop/service-env'
import type { Selection } from './options'

type Listed = AnswerOf<ServiceName, 'GET /admin/dead-letters'>['items'][number]

export interface Letter extends Pick<Listed, 'id' | 'type' | 'reason' | 'error' | 'attempts' | 'lastFailedAt'> {
  readonly service: ServiceName
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

/** Asked once: who waits for a service that is away does not see the letters of the others. */
const shop = (token: string) => new ShopClient({ baseUrlOf, token, maxMs: 0 })

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
  for (let before: string | null | undefined; before !== null; ) {
    const query = { limit: 200, ...(reason && { reason }), ...(before && { before }) }
    const { body } = await shop(token).call(service, 'GET /admin/dead-letters', { query })
    letters.push(...body.items.map((item) => ({ service, ...item })))
    before = body.next
  }
  return letters
}

async function lettersById(token: string, service: ServiceName, id: string): Promise<Letter[]> {
  try {
    const { body } = await shop(token).call(service, 'GET /admin/dead-letters/{id}', { path: { id } })
    return [{ ...body, service }]
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return []
    throw error
  }
}

/** Answers what came of it. */
export async function settle(
  token: string,
  { service, id }: Pick<Letter, 'service' | 'id'>,
  action: 'redrive' | 'discard',
  why: string,
): Promise<string> {
  const request = { path: { id }, body: { reason: why } }
  const { body } = await shop(token).call(service, `POST /admin/dead-letters/{id}/${action}`, request)
  return body.outcome
}
