import { useEffect, useState } from 'preact/hooks'

interface Props {
  readonly name: string
  readonly label: string
  /** What is searched for now. */
  readonly value: string
  readonly placeholder?: string
  readonly pattern?: string | undefined
  readonly title?: string | undefined
}

/** Keeps what is being typed while the page around it is brought up to date, until something else is searched for. */
export function SearchField({ label, value, ...rest }: Props) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return (
    <label class="grow">
      {label}
      <input
        {...rest}
        type="search"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        spellcheck={false}
      />
    </label>
  )
}
