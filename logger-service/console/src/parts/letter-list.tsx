import { useState } from 'preact/hooks'
import type { LetterLine, Letters } from '../api/answers'
import { pathOf } from '../api/ask'
import { useAnswer } from '../api/use-answer'
import { Moment } from './bits'
import { LetterDialog } from './letter-dialog'
import { type SettleAction, SettleDialog } from './settle-dialog'
import { Answered } from './states'

interface Props {
  readonly service: string
  readonly reason: string
  readonly type: string | null
  readonly onDone: (said: string) => void
}

type Open = { readonly letter: LetterLine; readonly as: SettleAction | 'message' }

export function LetterList({ service, reason, type, onDone }: Props) {
  const letters = useAnswer<Letters>(
    pathOf(`/dead-letters/${encodeURIComponent(service)}`, { reason, type, limit: 100 }),
  )
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const title = `${service}: ${reason.replaceAll('_', ' ')}`
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      <Answered answer={letters}>
        {({ letters: items, next }) => (
          <>
            <ul class="letters">
              {items.map((letter) => (
                <LetterItem key={letter.id} letter={letter} onOpen={(as) => setOpen({ letter, as })} />
              ))}
            </ul>
            {next && <p class="dim">The newest 100 are shown.</p>}
          </>
        )}
      </Answered>
      {open?.as === 'message' && <LetterDialog service={service} id={open.letter.id} onClose={close} />}
      {open && open.as !== 'message' && (
        <SettleDialog
          action={open.as}
          service={service}
          what={{ ids: [open.letter.id] }}
          title={`${open.as === 'redrive' ? 'Redrive' : 'Discard'} ${open.letter.type ?? 'this message'}`}
          onClose={close}
          onDone={onDone}
        />
      )}
    </section>
  )
}

function LetterItem({ letter, onOpen }: { letter: LetterLine; onOpen: (as: Open['as']) => void }) {
  const { type, error, attempts, handler, lastFailedAt } = letter
  return (
    <li>
      <div class="row tight">
        <strong class="mono">{type ?? 'no event'}</strong>
        <span class="dim">
          {attempts === 1 ? '1 attempt' : `${attempts} attempts`}
          {handler && ` by ${handler}`}, last at <Moment at={lastFailedAt} />
        </span>
      </div>
      <p class="error mono">{error}</p>
      <div class="row tight">
        <button type="button" onClick={() => onOpen('message')}>
          Message
        </button>
        <button type="button" class="primary" onClick={() => onOpen('redrive')}>
          Redrive
        </button>
        <button type="button" onClick={() => onOpen('discard')}>
          Discard
        </button>
      </div>
    </li>
  )
}
