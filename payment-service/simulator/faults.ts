import { type Reaction, refusal } from './reaction'

export const faultModes = ['ok', 'down', 'timeout-before', 'timeout-after', 'error-after'] as const
export type FaultMode = (typeof faultModes)[number]

/** Makes the next requests go wrong, whatever they ask for. */
export class Faults {
  private mode: FaultMode = 'ok'
  private left = 0

  set(mode: FaultMode, count = Number.POSITIVE_INFINITY): void {
    this.mode = mode
    this.left = mode === 'ok' ? 0 : count
  }

  private next(): FaultMode {
    if (this.left <= 0) return 'ok'
    this.left -= 1
    return this.mode
  }

  async around(work: () => Promise<Reaction>): Promise<Reaction> {
    const mode = this.next()
    if (mode === 'down') return refusal(503, 'unavailable')
    if (mode === 'timeout-before') return 'silence'
    const reaction = await work()
    if (mode === 'timeout-after') return 'silence'
    return mode === 'error-after' ? refusal(500, 'internal') : reaction
  }
}
