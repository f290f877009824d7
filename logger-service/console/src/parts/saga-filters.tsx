import { addressOf } from '../view/address'
import { type Filters, isOrderId } from '../view/filters'
import { cancelReasons } from '../view/reasons'
import { SearchField } from './search-field'
import { replaceAddress } from './use-address'

const ages = [
  ['', 'any'],
  ['10', 'over 10 s'],
  ['60', 'over 1 min'],
  ['120', 'over 2 min'],
  ['600', 'over 10 min'],
] as const

/** All of it is kept in the address: what one sees can be sent to a colleague. */
export function SagaFilters({ filters }: { filters: Filters }) {
  const set = (change: Partial<Filters>) => replaceAddress(addressOf('sagas', null, { ...filters, ...change }))
  const search = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const [q, customerId] = [String(form.get('q')).trim(), String(form.get('customerId')).trim()]
    if (isOrderId(q)) location.hash = addressOf('journey', q.toLowerCase())
    else set({ q, customerId })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is younger than the browsers this is for
    <form class="filters" role="search" onSubmit={search}>
      <SearchField name="q" label="Order id" value={filters.q} placeholder="whole, or its beginning" />
      <SearchField name="customerId" label="Customer" value={filters.customerId} placeholder="customer id" />
      <label>
        Status
        <select value={filters.status} onChange={({ currentTarget }) => set({ status: currentTarget.value })}>
          <option value="">any</option>
          <option>pending</option>
          <option>paid</option>
          <option>cancelled</option>
        </select>
      </label>
      <label>
        Reason
        <select value={filters.reason} onChange={({ currentTarget }) => set({ reason: currentTarget.value })}>
          <option value="">any</option>
          {Object.keys(cancelReasons).map((reason) => (
            <option key={reason} value={reason}>
              {reason.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </label>
      <label>
        Age
        <select value={filters.olderThanS} onChange={({ currentTarget }) => set({ olderThanS: currentTarget.value })}>
          {ages.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filters.stuck === 'true'}
          onChange={({ currentTarget }) => set({ stuck: currentTarget.checked ? 'true' : '' })}
        />
        Stuck only
      </label>
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  )
}
