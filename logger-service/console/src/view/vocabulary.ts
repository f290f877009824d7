import type { LineKind, LineLevel } from '@order-saga/common'

export { serviceNames } from '@order-saga/common/services'

// records, so that the compiler misses what joins the vocabulary of lines
const kinds: Readonly<Record<LineKind, true>> = {
  parked: true,
  recovered: true,
  dead: true,
  duplicate: true,
  redriven: true,
  discarded: true,
  alarm: true,
  mail: true,
}

const levels: Readonly<Record<LineLevel, true>> = { info: true, warn: true, error: true }

export const lineKinds = Object.keys(kinds)
export const lineLevels = Object.keys(levels)
