import { useState } from 'preact/hooks'
import type { LetterOutcome } from '../api/answers'
import { ask } from '../api/ask'
import { outcomeInWords } from '../view/outcome'
import { Dialog } from './dialog'

export type SettleAction = 'redrive' | 'discard'

interface Props {
  readonly action: SettleAction
  readonly service: string
  readonly what: { readonly ids: readonly string[] } | { readonly reason: string; readonly type?: string }
  readonly title: string
  readonly onClose: () => void
  readonly onDone: (said: string) => void
}

const words = {
  redrive: { why: 'Why may it work now?', button: 'Redrive now', hint: 'handler fixed in 1.4.2' },
  discard: { why: 'Why is it given up?', button: 'Discard for good', hint: 'test data of yesterday' },
} as const

/** Nothing is done to a letter without a reason, which is kept with who and when. */
export function SettleDialog({ action, service, what, title, onClose, onDone }: Props) {
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const why = String(new FormData(event.currentTarget as HTMLFormElement).get('why')).trim()
    setIsBusy(true)
    setTrouble(null)
    try {
      onDone(outcomeInWords(action, service, await settle(`/dead-letters/${service}/${action}`, { ...what, why })))
      onClose()
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error))
      setIsBusy(false)
    }
  }
  const { why, button, hint } = words[action]
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <label>
          {why}
          <input name="why" required maxLength={500} placeholder={hint} autoComplete="off" />
        </label>
        {trouble && (
          <p class="banner trouble" role="alert">
            {trouble}
          </p>
        )}
        <div class="row">
          <button type="submit" class={action === 'discard' ? 'danger' : 'primary'} disabled={isBusy}>
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** All of a reason may be many: they are settled a thousand at a time. */
async function settle(path: string, body: object): Promise<LetterOutcome> {
  const outcome = await ask<LetterOutcome>(path, { body })
  if (!outcome.next) return outcome
  const rest = await settle(path, { ...body, after: outcome.next })
  return { done: [...outcome.done, ...rest.done], refused: [...outcome.refused, ...rest.refused] }
}
