import { useCallback, useEffect, useState } from 'preact/hooks'
import { ask } from './ask'
import { Problem } from './problem'

export interface Answer<T> {
  readonly data: T | undefined
  /** Why the last question failed; `data` is then what was known before. */
  readonly problem: Problem | undefined
  readonly isLoading: boolean
  readonly reload: () => void
}

interface Known<T> {
  readonly path: string | null
  readonly data?: T | undefined
  readonly problem?: Problem | undefined
}

const asProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(0, 'unexpected', error instanceof Error ? error.message : String(error))

/** The answer to a question, asked again every so often while somebody looks. */
export function useAnswer<T>(path: string | null, everyMs?: number): Answer<T> {
  const [known, setKnown] = useState<Known<T>>({ path })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === null) return
    const own = new AbortController()
    const look = async () => {
      if (document.hidden) return
      try {
        const data = await ask<T>(path, { signal: own.signal })
        setKnown({ path, data })
      } catch (error) {
        if (own.signal.aborted) return
        setKnown((before) => ({
          path,
          data: before.path === path ? before.data : undefined,
          problem: asProblem(error),
        }))
      }
    }
    void look()
    const timer = everyMs ? setInterval(look, everyMs) : undefined
    const onVisible = () => void look()
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      own.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [path, everyMs, turn])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const { data, problem } = known.path === path ? known : { data: undefined, problem: undefined }
  return { data, problem, isLoading: path !== null && data === undefined && problem === undefined, reload }
}
