import { useState } from 'preact/hooks'
import type { LetterGroup } from '../api/answers'
import { addressOf } from '../view/address'
import { Moment } from './bits'
import { SettleDialog } from './settle-dialog'

interface Props {
  readonly groups: readonly LetterGroup[]
  readonly chosen: LetterGroup | undefined
  readonly onDone: (said: string) => void
}

export function LetterGroupsTable({ groups, chosen, onDone }: Props) {
  const [redriven, setRedriven] = useState<LetterGroup | null>(null)
  return (
    <div class="card">
      <table>
        <caption>By service and reason</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Reason</th>
            <th scope="col" class="wide">
              Event
            </th>
            <th scope="col" class="number">
              Letters
            </th>
            <th scope="col" class="wide">
              Oldest
            </th>
            <th scope="col">
              <span class="heard">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const { service, reason, type, count, oldestAt } = group
            return (
              <tr key={`${service}${reason}${type}`} class={group === chosen ? 'chosen' : undefined}>
                <td>{service.replace('-service', '')}</td>
                <td>
                  <a href={addressOf('dead-letters', null, { service, reason, type: type ?? '' })}>
                    {reason.replaceAll('_', ' ')}
                  </a>
                </td>
                <td class="wide mono">{type ?? '–'}</td>
                <td class="number">{count}</td>
                <td class="wide">
                  <Moment at={oldestAt} />
                </td>
                <td class="number">
                  <button
                    type="button"
                    aria-label={`Redrive all: ${reason.replaceAll('_', ' ')} in ${service}`}
                    onClick={() => setRedriven(group)}
                  >
                    Redrive all
                  </button>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {redriven && (
        <SettleDialog
          action="redrive"
          service={redriven.service}
          what={{ reason: redriven.reason, ...(redriven.type && { type: redriven.type }) }}
          title={`Redrive all letters of ${redriven.service}: ${redriven.reason.replaceAll('_', ' ')}`}
          onClose={() => setRedriven(null)}
          onDone={onDone}
        />
      )}
    </div>
  )
}
