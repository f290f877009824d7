import type { Product } from './shop'

export interface World {
  readonly products: readonly Product[]
  readonly adminToken: string
}

export interface Scenario {
  /** How it is called on the command line. */
  readonly name: string
  readonly title: string
  run(world: World): Promise<void>
}

/** The seeded product with that many pieces or more available, by position: scenarios do not share products. */
export function productAt({ products }: World, index: number): Product {
  const product = products[index]
  if (!product) throw new Error(`the catalogue has fewer than ${index + 1} products`)
  return product
}
