import { withRows } from '../../src/bench/rows'
import type { Row } from '../../src/bench/steps/step'

const row = (what: string, measured: string, isMet = true): Row => ({ what, target: '≤ 3', measured, isMet })

it('what is measured again takes the place of what was measured before, and the rest stays', () => {
  const before = withRows('', [row('idle', '2'), row('overload (700 orders/s): refusals', 'none', false)], 'aaa')
  const after = withRows(`${before}\n`, [row('overload (500 orders/s): refusals', 'some')], 'bbb')
  expect(after.split('\n')).toEqual([
    '| what | target | measured | met | commit |',
    '| --- | --- | --- | --- | --- |',
    '| idle | ≤ 3 | 2 | yes | aaa |',
    '| overload (500 orders/s): refusals | ≤ 3 | some | yes | bbb |',
  ])
  expect(before).toContain('| none | no | aaa |')
})
