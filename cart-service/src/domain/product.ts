import {
  changed,
  type DataOf,
  type Decision,
  ignored,
  type productDeleted,
  type productUpdated,
} from '@order-saga/common'

/** What the shop's catalogue last said about a product. */
export interface Product {
  /** 0: nothing was heard of it yet. */
  readonly version: number
  readonly name: string | null
  readonly priceMinor: number | null
  readonly currency: string | null
  readonly available: number
  readonly isDeleted: boolean
}

/** Snapshots overtake each other: the version says which one is newer. One that was announced again has the same. */
export function learn(held: Product, snapshot: DataOf<typeof productUpdated>): Decision<Product> {
  const { version, name, priceMinor, currency, available } = snapshot
  if (version < held.version) return ignored('older_version')
  if (version === held.version && held.isDeleted) return ignored('already_deleted')
  const learnt = { version, name, priceMinor, currency, available, isDeleted: false }
  return isSame(held, learnt) ? ignored('unchanged') : changed(learnt)
}

export function forget(held: Product, { version }: DataOf<typeof productDeleted>): Decision<Product> {
  if (version < held.version) return ignored('older_version')
  if (version === held.version && held.isDeleted) return ignored('already_deleted')
  return changed({ ...held, version, available: 0, isDeleted: true })
}

const isSame = (a: Product, b: Product): boolean =>
  a.version === b.version &&
  a.name === b.name &&
  a.priceMinor === b.priceMinor &&
  a.currency === b.currency &&
  a.available === b.available

export const UNHEARD_OF: Product = {
  version: 0,
  name: null,
  priceMinor: null,
  currency: null,
  available: 0,
  isDeleted: false,
}
