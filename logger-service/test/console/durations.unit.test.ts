import { countdown, duration, wholeSeconds } from '../../console/src/view/durations'

test.each([
  [0, '0 ms'],
  [850.4, '850 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [12_340, '12.3 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [245_000, '4 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [7_980_000, '2 h 13 min'],
  [86_400_000, '1 d 0 h'],
  [273_600_000, '3 d 4 h'],
])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text))

test.each([
  [-5, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min 00 s'],
  [61_900, '1 min 01 s'],
])('what ticks shows whole seconds: %d ms are %s', (ms, text) => expect(wholeSeconds(ms)).toBe(text))

test.each([
  [80_000, 'in 1 min 20 s'],
  [0, 'in 0 s'],
  [-12_000, '12 s ago'],
])('a moment %d ms away is %s', (ms, text) => expect(countdown(ms)).toBe(text))
