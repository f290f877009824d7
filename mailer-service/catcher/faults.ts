export const faultModes = ['ok', '451', '550', 'drop-after-data', 'slow'] as const
export type FaultMode = (typeof faultModes)[number]

/** Makes the next mails go wrong. */
export class Faults {
  private mode: FaultMode = 'ok'
  private left = 0

  set(mode: FaultMode, count = Number.POSITIVE_INFINITY): void {
    this.mode = mode
    this.left = mode === 'ok' ? 0 : count
  }

  next(): FaultMode {
    if (this.left <= 0) return 'ok'
    this.left -= 1
    return this.mode
  }
}
