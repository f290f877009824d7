import { figuresText, spread } from '../../src/bench/document'
import type { Figures } from '../../src/bench/measure'
import type { Measured } from '../../src/bench/series'

it.each([
  ['one value', [3], '3 (3–3)'],
  ['an odd number of them', [9, 1, 4], '4 (1–9)'],
  ['an even number', [1, 2, 4, 9], '3 (1–9)'],
  ['something that was not measured', [Number.NaN, 5], '5 (5–5)'],
  ['nothing', [], '–'],
])('the middle and the spread of %s', (_what, values, text) => {
  expect(spread(values)).toBe(text)
})

const percentiles = { p50Ms: 4, p99Ms: 9 }
const figures = (ordersPerS: number): Figures => ({
  ordersPerS,
  orders: 100,
  times: { accepted: percentiles, terminal: percentiles, settled: percentiles },
  processorMs: { PostgreSQL: 0.5, 'order-service': 1.25 },
  customersMs: 0.25,
  failures: 1,
  accepted: 100,
  outcomes: { paid: 100 },
  refusals: {},
  unhinted: 0,
  elapsedMs: 20_000,
})

const measured = (system: Measured['system'], phase: Measured['phase'], speeds: readonly number[]): Measured[] =>
  speeds.map((speed, n) => ({ system, phase, repetition: n + 1, figures: figures(speed) }))

it('ratios are taken within a repetition, so that a machine that slows down changes none', () => {
  const text = figuresText({
    command: 'npm run bench',
    machine: { cores: 2, processor: 'any', node: 'v20', loadBefore: 0.1 },
    durationMs: 20_000,
    repetitions: 3,
    all: [
      ...measured('ours', 'closed', [900, 600, 300]),
      ...measured('baseline', 'closed', [300, 200, 100]),
      ...measured('ours', 'hot', [810, 540, 270]),
    ],
  })
  expect(text).toContain('| throughput of this shop to that of the baseline | 3.00 (3.00–3.00) |')
  expect(text).toContain('| throughput on one hot product to that on the whole catalogue | 0.90 (0.90–0.90) |')
  expect(text).toContain('| closed loop, 64 customers | this shop | 600 (300–900) | 4.0 (4.0–4.0) |')
  expect(text).toContain('| **together** | 1.75 (1.75–1.75) |')
  expect(text).not.toContain('| open loop')
})
