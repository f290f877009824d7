import { Problem, unavailable } from '@order-saga/common'
import type { Peer } from '../config'
import type { PeerAnswer } from './peers'

const PASSED_ON = ['retry-after', 'www-authenticate']

interface Told {
  readonly type?: unknown
  readonly detail?: unknown
}

/** Another service's problem as ours: the same status, kind and words, under our own request id. */
export function refusalOf(peer: Peer, { status, headers, body }: PeerAnswer<unknown>): Problem {
  const { type, detail } = (body ?? {}) as Told
  const [, slug] = /^\/problems\/([a-z-]+)$/.exec(String(type)) ?? []
  if (!slug || typeof detail !== 'string' || status < 400)
    return unavailable('service-unreachable', `${peer} answers as we do not understand.`)
  if (status >= 500 && status !== 503) return unavailable('service-unreachable', `${peer} failed: ${detail}`)
  const passed = PASSED_ON.flatMap((name): [string, string][] => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  return new Problem(status, slug, detail, Object.fromEntries(passed))
}
