import type { Id } from '@order-saga/common'

/** What was found is one more than was asked for when there is a next page. */
export function pageOf<Row>(found: readonly Row[], limit: number, idOf: (row: Row) => Id) {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: found.length > limit && last !== undefined ? idOf(last) : null }
}

const ZERO = '00000000-0000-0000-0000-000000000000'
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The ids that begin so; hyphens may be left out as anywhere in an id that somebody copied by hand. */
export function idsBeginning(beginning: string): { from: Id; to: Id } {
  const digits = beginning.toLowerCase().replaceAll('-', '')
  const padded = (filler: string) =>
    (digits + filler.replaceAll('-', '').slice(digits.length)).replace(
      /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
      '$1-$2-$3-$4-$5',
    )
  return { from: padded(ZERO), to: padded(LAST) }
}
