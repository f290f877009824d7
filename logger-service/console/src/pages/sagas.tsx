import { useMemo } from 'preact/hooks'
import type { JourneyLine, JourneyList, Settings, Statistics } from '../api/answers'
import { pathOf } from '../api/ask'
import { useAnswer } from '../api/use-answer'
import { Numbers } from '../parts/numbers'
import { SagaFilters } from '../parts/saga-filters'
import { SagaTable } from '../parts/saga-table'
import { Empty, Loading, Trouble } from '../parts/states'
import { useJourneyStream } from '../parts/use-journey-stream'
import { type Address, addressOf } from '../view/address'
import { type Filters, filtersOf, mergeLines } from '../view/filters'

const LIMIT = 100

export function SagasPage({ address }: { address: Address }) {
  const filters = filtersOf(address.query)
  const after = address.query.after ?? ''
  const path = pathOf('/journeys', { ...filters, limit: LIMIT, after })
  // the stream tells what is new; the list is asked again now and then, for ages and what the stream has missed
  const list = useAnswer<JourneyList>(path, 15_000)
  const stream = useJourneyStream(list.data)
  const lines = useLines(list.data, after ? [] : stream.told, filters)
  const statistics = useAnswer<Statistics>('/statistics?minutes=60', 10_000)
  const currency = useAnswer<Settings>('/console/settings').data?.currency ?? 'EUR'
  const isFiltered = Object.values(filters).some((value) => value !== '')
  return (
    <>
      <h1>Sagas</h1>
      {statistics.data && <Numbers statistics={statistics.data} currency={currency} />}
      <SagaFilters filters={filters} />
      <Trouble answer={list} />
      {stream.connection === 'lost' && !list.problem && (
        <p class="banner warn" role="status">
          The live stream is interrupted. The list is brought up to date every 15 s; the stream is tried again.
        </p>
      )}
      {list.isLoading && <Loading />}
      {lines && lines.length === 0 && (
        <Empty>
          {isFiltered ? 'No order is like that. ' : 'No order has been placed yet. '}
          {isFiltered && <a href="#/sagas">Show all</a>}
        </Empty>
      )}
      {lines && lines.length > 0 && (
        <SagaTable lines={lines} heardAt={list.data ? stream.heardAt : 0} stream={stream} isLive={!after} />
      )}
      <p class="row">
        {after && <a href={addressOf('sagas', null, filters)}>Newest</a>}
        {list.data?.next && <a href={addressOf('sagas', null, { ...filters, after: list.data.next })}>Older orders</a>}
      </p>
    </>
  )
}

function useLines(list: JourneyList | undefined, told: readonly JourneyLine[], filters: Filters) {
  const key = JSON.stringify(filters)
  // filters are new each time and the same by their text
  return useMemo(() => list && mergeLines(list.journeys, told, filters, LIMIT), [list, told, key])
}
