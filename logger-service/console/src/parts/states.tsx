import type { ComponentChildren } from 'preact'
import type { Answer } from '../api/use-answer'

export const Loading = () => (
  <p class="state" role="status">
    <span class="spinner" aria-hidden="true" /> Loading …
  </p>
)

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="state empty">{children}</p>

/** Why nothing, or nothing newer, can be shown. */
export function Trouble({ answer }: { answer: Pick<Answer<unknown>, 'problem' | 'data' | 'reload'> }) {
  const { problem, data, reload } = answer
  if (!problem) return null
  return (
    <div class="banner trouble" role="alert">
      <span>
        <strong>{problem.isUnreachable ? 'Disconnected. ' : 'That did not work. '}</strong>
        {problem.message}
        {data !== undefined && ' What you see is what was known before.'}
        {problem.requestId && <small class="mono"> request {problem.requestId}</small>}
      </span>
      <button type="button" onClick={reload}>
        Try again
      </button>
    </div>
  )
}

interface Props<T> {
  readonly answer: Answer<T>
  readonly children: (data: T) => ComponentChildren
}

/** Every answer is one of: on its way, failed, known, known but old. */
export function Answered<T>({ answer, children }: Props<T>) {
  return (
    <>
      <Trouble answer={answer} />
      {answer.isLoading && <Loading />}
      {answer.data !== undefined && children(answer.data)}
    </>
  )
}
