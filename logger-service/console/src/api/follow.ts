import { type ServerEvent, ServerEvents } from '../view/server-events'
import { request } from './ask'

export type Connection = 'connecting' | 'live' | 'lost'

export interface Follower {
  readonly onEvent: (event: ServerEvent) => void
  readonly onConnection: (connection: Connection) => void
}

const SILENT_MS = 40_000
const PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000]

/** Reads a stream for as long as `signal` lets it, and comes back to it after the last event it has seen. */
export async function follow(path: string, { onEvent, onConnection }: Follower, signal: AbortSignal): Promise<void> {
  let last: string | null = null
  let failures = 0
  onConnection('connecting')
  while (!signal.aborted) {
    try {
      await readOnce(path, last, signal, {
        onConnection: (connection) => {
          failures = 0
          onConnection(connection)
        },
        onEvent: (event) => {
          last = event.id ?? last
          onEvent(event)
        },
      })
      // the server ends a stream now and then: that is no failure, unless nobody is there when it is asked again
    } catch {
      if (!signal.aborted) onConnection('lost')
    }
    await pause(PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)] ?? 0, signal)
  }
}

async function readOnce(path: string, last: string | null, signal: AbortSignal, follower: Follower): Promise<void> {
  const own = new AbortController()
  const giveUp = () => own.abort()
  signal.addEventListener('abort', giveUp)
  let silence = setTimeout(giveUp, SILENT_MS)
  try {
    const headers = { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) }
    const { body } = await request(path, { headers, signal: own.signal })
    follower.onConnection('live')
    const events = new ServerEvents()
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      clearTimeout(silence)
      silence = setTimeout(giveUp, SILENT_MS)
      for (const event of events.push(piece.value)) follower.onEvent(event)
    }
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', giveUp)
    own.abort()
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
