import type { Faults } from '@order-saga/common/testing/faults'
import { type Reaction, refusal } from './reaction'

export const faultModes = ['ok', 'down', 'timeout-before', 'timeout-after', 'error-after'] as const
export type FaultMode = (typeof faultModes)[number]

/** Makes the next requests go wrong, whatever they ask for. */
export async function carryOut(faults: Faults<FaultMode>, work: () => Promise<Reaction>): Promise<Reaction> {
  const mode = faults.next()
  if (mode === 'down') return refusal(503, 'unavailable')
  if (mode === 'timeout-before') return 'silence'
  const reaction = await work()
  if (mode === 'timeout-after') return 'silence'
  return mode === 'error-after' ? refusal(500, 'internal') : reaction
}
