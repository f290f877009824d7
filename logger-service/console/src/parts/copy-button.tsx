import { useState } from 'preact/hooks'

/** Says whether it worked: without TLS a browser keeps its clipboard to itself, and shows the text instead. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('refused')
    }
  }
  return (
    <>
      <button type="button" onClick={copy}>
        {label}
      </button>
      <span role="status" class="said">
        {outcome === 'copied' && 'Copied.'}
        {outcome === 'refused' && 'The browser does not allow it; here it is:'}
      </span>
      {outcome === 'refused' && <textarea class="mono" readOnly rows={8} value={text} aria-label={label} />}
    </>
  )
}
