import { useState } from 'preact/hooks'
import type { LetterGroups } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { LetterActionsTable } from '../parts/letter-actions'
import { LetterGroupsTable } from '../parts/letter-groups'
import { LetterList } from '../parts/letter-list'
import { Answered, Empty } from '../parts/states'
import { type Address, addressOf } from '../view/address'

export function DeadLettersPage({ address }: { address: Address }) {
  const { service = '', reason = '', type = '' } = address.query
  const groups = useAnswer<LetterGroups>('/dead-letters', 5_000)
  // counts what was done here: each time the lists are asked for again
  const [done, setDone] = useState(0)
  const [said, setSaid] = useState('')
  const onDone = (text: string) => {
    setSaid(text)
    setDone(done + 1)
    groups.reload()
  }
  const chosen = groups.data?.groups.find(
    (group) => group.service === service && group.reason === reason && (type === '' || group.type === type),
  )
  return (
    <>
      <h1>Dead letters</h1>
      <p class="dim">
        What a service could not handle after all its attempts. A redrive happens in that service alone; nobody else
        hears the event again.
      </p>
      <p role="status" class={said ? 'banner done' : 'said'}>
        {said}
      </p>
      <Answered answer={groups}>
        {({ groups: list, unreachable }) => (
          <>
            {unreachable.length > 0 && (
              <p class="banner warn">Not asked, because it does not answer: {unreachable.join(', ')}.</p>
            )}
            {list.length === 0 ? (
              <Empty>No dead letters. Everything that was told has been handled.</Empty>
            ) : (
              <LetterGroupsTable groups={list} chosen={chosen} onDone={onDone} />
            )}
          </>
        )}
      </Answered>
      {service && reason && chosen && (
        <LetterList
          key={`${service} ${reason} ${type} ${done}`}
          service={service}
          reason={reason}
          type={type || null}
          onDone={onDone}
        />
      )}
      {service && !chosen && groups.data && (
        <Empty>
          Nothing is left of {reason.replaceAll('_', ' ')} in {service}.{' '}
          <a href={addressOf('dead-letters')}>All groups</a>
        </Empty>
      )}
      <LetterActionsTable key={done} />
    </>
  )
}
