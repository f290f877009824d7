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
  /** As of when `available` is: it is told more often than the rest. */
  readonly stockVersion: number
  readonly isDeleted: boolean
}

/** Snapshots overtake each other: the version says which one is newer. One that was announced again has the same. */
export function learn(held: Product, snapshot: DataOf<typeof productUpdated>): Decision<Product> {
  const { version, name, priceMinor, currency } = snapshot
  if (version < held.version) return ignored('older_version')
  if (version === held.version && held.isDeleted) return ignored('already_deleted')
  const learnt = { ...newerStock(held, snapshot), version, name, priceMinor, currency, isDeleted: false }
  return isSame(held, learnt) ? ignored('unchanged') : changed(learnt)
}

export function forget(held: Product, { version }: DataOf<typeof productDeleted>): Decision<Product> {
  if (version < held.version) return ignored('older_version')
  if (version === held.version && held.isDeleted) return ignored('already_deleted')
  return changed({ ...held, version, available: 0, stockVersion: version, isDeleted: true })
}

type Stock = Pick<DataOf<typeof productUpdated>, 'available' | 'version'>

/** How much there is, without the rest: the snapshot that this one overtook still has its say about name and price. */
export function learnAvailable(held: Product, { available, version }: Partial<Stock>): Decision<Product> {
  if (available === undefined || version === undefined) return ignored('of_unknown_version')
  if (held.isDeleted) return ignored('already_deleted')
  if (version < held.stockVersion) return ignored('older_version')
  const learnt = { ...held, available, stockVersion: version }
  return isSame(held, learnt) ? ignored('unchanged') : changed(learnt)
}

function newerStock(held: Product, { available, version }: Stock): Pick<Product, 'available' | 'stockVersion'> {
  const { stockVersion } = held
  return version < stockVersion ? { available: held.available, stockVersion } : { available, stockVersion: version }
}

const isSame = (a: Product, b: Product): boolean =>
  a.version === b.version &&
  a.name === b.name &&
  a.priceMinor === b.priceMinor &&
  a.currency === b.currency &&
  a.available === b.available &&
  a.stockVersion === b.stockVersion

export const UNHEARD_OF: Product = {
  version: 0,
  name: null,
  priceMinor: null,
  currency: null,
  available: 0,
  stockVersion: 0,
  isDeleted: false,
}
