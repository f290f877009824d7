// Loaded before a service: its host's clock is wrong by so much. Intervals are not, as they are monotonic.
const shiftMs = Number(process.env.TEST_CLOCK_SHIFT_MS ?? 0)

if (shiftMs !== 0) {
  const RealDate = Date
  globalThis.Date = class ShiftedDate extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + shiftMs)
      else super(...args)
    }

    static now() {
      return RealDate.now() + shiftMs
    }
  }
}
