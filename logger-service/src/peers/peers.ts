import { unavailable } from '@order-saga/common'
import type { Peer } from '../config'
import { refusalOf } from './refusal'

export interface Question {
  readonly method?: 'GET' | 'POST'
  /** Of the person on whose behalf it is asked: this service has no rights of its own there. */
  readonly token?: string | undefined
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

export interface PeerAnswer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

// an administrator waits for it; a login alone takes a tenth of a second of the other one's processor
const TIMEOUT_MS = 5_000

/** Asks other services over their own routes, as anybody may. */
export class Peers {
  constructor(private readonly urls: Readonly<Record<Peer, string>>) {}

  /** Whatever the status. Throws the problem `service-unreachable` when nobody answers, or nobody we know. */
  async ask<T>(peer: Peer, path: string, question: Question = {}): Promise<PeerAnswer<T>> {
    const { body, token, headers, timeoutMs = TIMEOUT_MS } = question
    try {
      const response = await fetch(new URL(path, this.urls[peer]), {
        method: question.method ?? 'GET',
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const text = await response.text()
      const answer = text === '' ? undefined : JSON.parse(text)
      return { status: response.status, headers: response.headers, body: answer as T }
    } catch {
      // neither address nor cause: whoever asked can do nothing with them
      throw unavailable('service-unreachable', `${peer} does not answer at the moment.`)
    }
  }

  /** What is answered with success. A refusal is thrown, as it was told. */
  async must<T>(peer: Peer, path: string, question?: Question): Promise<T> {
    const answer = await this.ask<T>(peer, path, question)
    if (answer.status < 300) return answer.body
    throw refusalOf(peer, answer)
  }
}
