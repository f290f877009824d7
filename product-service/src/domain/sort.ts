import type { Id } from '@order-saga/common'

/** What the catalogue can be sorted by; with a minus the other way round. */
export const sorts = ['id', '-id', 'price', '-price', 'name', '-name'] as const
export type Sort = (typeof sorts)[number]

/** Where a page ended: the value sorted by, as text, and the id that tells equal ones apart. */
export interface Place {
  readonly key: string | null
  readonly id: Id
}
