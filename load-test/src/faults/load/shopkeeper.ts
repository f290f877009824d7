import { newId } from '@order-saga/common'
import { NoAnswer, Refused } from '@order-saga/common/client'
import type { Random } from '../../random'
import { RENEW_TOKENS_EVERY_MS } from '../../shoppers/accounts'
import type { Site } from '../site/site'
import { clientOf, type Population, renewAll } from './people'
import { HOT_PRODUCTS } from './wish'

const PRICE_EVERY_MS = 500
const RESTOCK_EVERY_MS = 1_000

/** Changes prices twice a second, puts goods on the shelves once a second, and has everybody log in now and then. */
export class Shopkeeper {
  readonly #timers: NodeJS.Timeout[] = []

  constructor(
    private readonly site: Site,
    private readonly population: Population,
    private readonly random: Random,
  ) {}

  start(): void {
    this.#timers.push(
      setInterval(() => void this.#changePrice(), PRICE_EVERY_MS),
      setInterval(() => void this.#restock(), RESTOCK_EVERY_MS),
      setInterval(() => void renewAll(this.site, this.population), RENEW_TOKENS_EVERY_MS),
    )
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  async #changePrice(): Promise<void> {
    const { products, admin } = this.population
    const id = this.random.oneOf(products)
    const body = { priceMinor: this.random.between(100, 20_000) }
    await clientOf(this.site, admin.token)
      .call('product-service', 'PATCH /products/{id}', { path: { id }, body })
      .catch(goOn)
  }

  async #restock(): Promise<void> {
    const { products, admin } = this.population
    const id = products[this.random.below(HOT_PRODUCTS)] as string
    const headers = { 'idempotency-key': newId() }
    const body = { quantity: this.random.between(1, 20), reason: 'delivery' }
    await clientOf(this.site, admin.token)
      .call('product-service', 'POST /products/{id}/restock', { path: { id }, headers, body })
      .catch(goOn)
  }
}

/** The shop is broken on purpose. */
function goOn(error: unknown): void {
  if (!(error instanceof Refused || error instanceof NoAnswer)) throw error
}
