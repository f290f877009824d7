import type { LetterActions } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { Moment } from './bits'
import { Answered, Empty } from './states'

/** Who redrove or discarded what, and why. */
export function LetterActionsTable() {
  const actions = useAnswer<LetterActions>('/dead-letter-actions')
  return (
    <section aria-labelledby="letter-actions">
      <h2 id="letter-actions">What was done</h2>
      <Answered answer={actions}>
        {({ actions: list }) =>
          list.length === 0 ? (
            <Empty>Nothing was redriven or discarded yet.</Empty>
          ) : (
            <div class="card">
              <table>
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">Action</th>
                    <th scope="col">Service</th>
                    <th scope="col">Why</th>
                    <th scope="col" class="wide">
                      Who
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.map(({ at, action, service, why, who, letterId }) => (
                    <tr key={`${at}${letterId}`}>
                      <td>
                        <Moment at={at} />
                      </td>
                      <td title={`letter ${letterId}`}>{action}</td>
                      <td>{service.replace('-service', '')}</td>
                      <td class="text">{why}</td>
                      <td class="wide mono dim" title={who}>
                        …{who.slice(-12)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
    </section>
  )
}
