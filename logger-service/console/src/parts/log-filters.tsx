import { addressOf } from '../view/address'
import { lineKinds, lineLevels, serviceNames } from '../view/vocabulary'
import { SearchField } from './search-field'

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'

const searched = [
  ['q', 'Text', undefined],
  ['orderId', 'Order id', UUID],
  ['traceId', 'Trace id', '[0-9a-f]{32}'],
  ['requestId', 'Request id', UUID],
] as const

export function LogFilters({ query }: { query: Readonly<Record<string, string>> }) {
  const search = (form: HTMLFormElement) => {
    const entries = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()])
    location.hash = addressOf('logs', null, Object.fromEntries(entries))
  }
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    search(event.currentTarget as HTMLFormElement)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is younger than the browsers this is for
    <form class="filters" role="search" onSubmit={onSubmit}>
      {searched.map(([name, label, pattern]) => (
        <SearchField
          key={name}
          name={name}
          label={label}
          value={query[name] ?? ''}
          pattern={pattern}
          title={pattern && 'the whole id, in lower case'}
        />
      ))}
      <Choice name="service" label="Service" value={query.service ?? ''} options={serviceNames} onPick={search} />
      <Choice name="kind" label="Kind" value={query.kind ?? ''} options={lineKinds} onPick={search} />
      <Choice name="level" label="Level" value={query.level ?? ''} options={lineLevels} onPick={search} />
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onPick: (form: HTMLFormElement) => void
}

const Choice = ({ name, label, value, options, onPick }: ChoiceProps) => (
  <label>
    {label}
    <select
      name={name}
      value={value}
      onChange={({ currentTarget: { form } }) => {
        if (form) onPick(form)
      }}
    >
      <option value="">any</option>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  </label>
)
