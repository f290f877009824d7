import { judgeSlo, type Reached, readSlo } from '../../src/run/slo'
import { TimingRecorder } from '../../src/run/timings'

function reached(): Reached {
  const terminal = new TimingRecorder()
  for (let ms = 1; ms <= 100; ms++) terminal.record(ms)
  return { timings: { terminal: terminal.timings }, ordersPerS: 50, failedPercent: 0.5 }
}

it.each([
  ['p99<100ms', true, 'terminal p99<100ms', '99.007 ms'],
  ['p99<99ms', false, 'terminal p99<99ms', '99.007 ms'],
  ['terminal p50 < 0.06s', true, 'terminal p50<0.06s', '50.015 ms'],
  ['max<100ms', false, 'terminal max<100ms', '100 ms'],
  ['max<101ms', true, 'terminal max<101ms', '100 ms'],
  // a target nobody measured is not met by silence
  ['browse p99<1m', false, 'browse p99<1m', 'never measured'],
  ['throughput>49.9', true, 'throughput>49.9/s', '50.0/s'],
  ['throughput>50/s', false, 'throughput>50/s', '50.0/s'],
  ['failures<1%', true, 'failures<1%', '0.50%'],
  ['failures<0.5%', false, 'failures<0.5%', '0.50%'],
])('%s is met: %s', (text, isMet, slo, what) => {
  expect(judgeSlo(readSlo(text), reached())).toEqual({ slo, reached: what, isMet })
})

it.each(['p98<1ms', 'p99', 'p99<100', 'p99>100ms', 'delivery p99<1s', 'throughput<3', 'failures<1', 'p99<-1ms', ''])(
  "'%s' is no target",
  (text) => {
    expect(() => readSlo(text)).toThrow('is no target')
  },
)
