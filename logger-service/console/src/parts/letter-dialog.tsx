import type { Letter } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { Json, Moment } from './bits'
import { Dialog } from './dialog'
import { Answered } from './states'

interface Props {
  readonly service: string
  readonly id: string
  readonly onClose: () => void
}

export function LetterDialog({ service, id, onClose }: Props) {
  const letter = useAnswer<Letter>(`/dead-letters/${encodeURIComponent(service)}/${encodeURIComponent(id)}`)
  return (
    <Dialog title={`Message in ${service}`} onClose={onClose}>
      <Answered answer={letter}>
        {({ error, content, actions }) => (
          <>
            <p class="error mono">{error}</p>
            {content === null ? <p class="dim">What came is not JSON.</p> : <Json value={content} />}
            {actions.length > 0 && <h3>Done about it so far</h3>}
            <ul>
              {actions.map(({ action, why, outcome, actedAt }) => (
                <li key={actedAt}>
                  <Moment at={actedAt} /> {action} ({outcome}): {why}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answered>
    </Dialog>
  )
}
