import type { Id } from '@order-saga/common'
import type { Customer, TestShop } from './test-shop'

type Errand = (shop: TestShop, ada: Customer, products: Products) => Promise<Id>

interface Products {
  readonly plenty: Id
  readonly soldOut: Id
}

const buy =
  (paymentToken: string, product: keyof Products = 'plenty'): Errand =>
  async (shop, ada, products) =>
    (await shop.place(ada, [{ productId: products[product], quantity: 1 }], { paymentToken })).id

const changeOfMind: Errand = async (shop, ada, products) => {
  const id = await buy('tok_visa')(shop, ada, products)
  // while order-service is away a customer asks for nothing twice
  await shop.cancel(ada, { id }).catch(() => {})
  return id
}

const errands: readonly Errand[] = [
  buy('tok_visa'),
  buy('tok_chargeDeclined'),
  buy('tok_visa'),
  buy('tok_timeoutAfterCharge'),
  changeOfMind,
  buy('tok_visa', 'soldOut'),
  buy('tok_visa'),
  buy('tok_executesLate'),
]

/** Customers who order one thing after the other, with every kind of ending, until told to stop. */
export class Load {
  /** Orders the shop has accepted. */
  readonly accepted: { readonly ada: Customer; readonly id: Id }[] = []
  #isOver = false
  #clients: Promise<void>[] = []
  #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  static async start(shop: TestShop, clients: number): Promise<Load> {
    const load = new Load()
    const [plenty, soldOut] = await Promise.all([shop.product({ available: 10_000 }), shop.product({ available: 0 })])
    const customers = await Promise.all(Array.from({ length: clients }, () => shop.customer()))
    load.#clients = customers.map((ada, n) => load.#client(shop, ada, { plenty, soldOut }, n))
    return load
  }

  /** Resolves when so many further orders were accepted: something is under way then. */
  async further(count: number): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      this.#waiting.push({ count: this.accepted.length + count, resolve })
    })
    await Promise.race([reached, Promise.all(this.#clients)])
  }

  /** Nobody orders anything any more. */
  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#clients)
  }

  /** Resolves when every order placed has ended, as its customer sees it. */
  async end(shop: TestShop): Promise<void> {
    await this.stop()
    await Promise.all(this.accepted.map(({ ada, id }) => shop.poll(ada, { id })))
  }

  async #client(shop: TestShop, ada: Customer, products: Products, first: number): Promise<void> {
    for (let n = first; !this.#isOver; n++) {
      const errand = errands[n % errands.length] ?? buy('tok_visa')
      this.accepted.push({ ada, id: await errand(shop, ada, products) })
      for (const { count, resolve } of this.#waiting) if (this.accepted.length >= count) resolve()
      await shop.poll(ada, { id: this.accepted.at(-1)?.id ?? '' }, 1_000).catch(() => {})
    }
  }
}
