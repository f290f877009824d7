import { useEffect, useState } from 'preact/hooks'
import type { JourneyLine, JourneyList } from '../api/answers'
import { type Connection, follow } from '../api/follow'

export interface JourneyStream {
  readonly connection: Connection
  /** What was told since the list was asked for. */
  readonly told: readonly JourneyLine[]
  readonly heardAt: number
  readonly isPaused: boolean
  readonly pause: (isPaused: boolean) => void
}

// a list that changes more often than that cannot be read
const EVERY_MS = 500

/** What happens to orders, told as it happens; forgotten once a newer list has it. */
export function useJourneyStream(list: JourneyList | undefined): JourneyStream {
  const [connection, setConnection] = useState<Connection>('connecting')
  const [told, setTold] = useState<readonly JourneyLine[]>([])
  const [heardAt, setHeardAt] = useState(Date.now)
  const [isPaused, pause] = useState(false)
  // a new list is what empties it
  useEffect(() => {
    setTold([])
    setHeardAt(Date.now())
  }, [list])
  useEffect(() => {
    if (isPaused) return
    const own = new AbortController()
    const waiting = new Map<string, JourneyLine>()
    const flush = () => {
      if (waiting.size === 0) return
      const fresh = [...waiting.values()]
      waiting.clear()
      setTold((before) => [...before, ...fresh].slice(-500))
    }
    const timer = setInterval(flush, EVERY_MS)
    const onEvent = ({ name, data }: { name: string; data: string }) => {
      if (name !== 'journey') return
      const line = JSON.parse(data) as JourneyLine
      waiting.set(line.orderId, line)
    }
    void follow('/journeys/stream', { onEvent, onConnection: setConnection }, own.signal)
    return () => {
      own.abort()
      clearInterval(timer)
    }
  }, [isPaused])
  return { connection, told, heardAt, isPaused, pause }
}
