import { knownParticipants, manifestOf } from '@order-saga/common'
import { participants } from '../src/participants'

it('whoever knows services by the table of reactions alone finds the topology that their saga tables need', () => {
  const [known, real] = [manifestOf(knownParticipants()), manifestOf(participants)]
  for (const part of ['exchanges', 'queues', 'bindings', 'users'] as const) {
    expect(known[part]).toHaveLength(real[part].length)
    expect(known[part]).toEqual(expect.arrayContaining([...real[part]]))
  }
})
