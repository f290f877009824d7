import { mark, type Row, sections } from '../../report/columns'
import type { Judgement } from '../judgement'

/** The judgement for a terminal. */
export function judgementTable({ kinds, counters, promises, growth, audit, wrongs, state }: Judgement): string {
  const shown: [string, Row[]][] = [
    ['faults', kinds.map(({ kind, struck, planned }) => [kind, `${struck}/${planned}`])],
    [
      'dangerous windows reached',
      counters.map(({ name, reached, minimum, isShort }) => [`${mark(!isShort)} ${name}`, reached, `≥ ${minimum}`]),
    ],
    ['promises', promises.map(({ says, measured, isKept }) => [`${mark(isKept)} ${says}`, measured])],
    ['growth', growth.map(({ what, from, to, isTooMuch }) => [`${mark(!isTooMuch)} ${what}`, from, to])],
    [
      'audit',
      audit.invariants.map(({ id, says, checked, violationCount, notChecked }) => [
        `${mark(violationCount === 0)} ${id} ${says}`,
        notChecked ? 'not checked' : `${checked} checked`,
        `${violationCount} violations`,
      ]),
    ],
  ]
  const verdict = wrongs.length === 0 ? 'passed' : `FAILED\n${wrongs.map((wrong) => `  ${wrong}`).join('\n')}`
  return `${sections(shown)}\n\nseed ${state.seed}, commit ${state.commit}: ${verdict}\n`
}
