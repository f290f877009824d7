import type { ShopClient } from '@order-saga/common/client'
import type { Customer } from '../shoppers/accounts'
import { register } from '../shoppers/accounts'

// passwords are hashed by threads of auth-service: more at once would only wait there
const AT_ONCE = 4

/** Opens so many accounts and logs them in. */
export async function registerAll(
  shop: ShopClient,
  count: number,
  opened: (soFar: number) => void,
): Promise<Customer[]> {
  const customers: Customer[] = []
  let begun = 0
  const clerk = async () => {
    while (begun++ < count) {
      customers.push(await register(shop))
      opened(customers.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, clerk))
  return customers
}

/** Who of the registered comes in next. */
export class People {
  readonly #free: Customer[]
  readonly #waiting: ((customer: Customer) => void)[] = []

  /** `isAlone`: a customer does one thing at a time, for there is one cart. */
  constructor(
    customers: readonly Customer[],
    private readonly isAlone: boolean,
  ) {
    this.#free = [...customers]
  }

  /** Resolves when somebody is free. */
  async take(): Promise<Customer> {
    const customer = this.#free.shift()
    if (!customer) return new Promise((resolve) => this.#waiting.push(resolve))
    if (!this.isAlone) this.#free.push(customer)
    return customer
  }

  giveBack(customer: Customer): void {
    if (!this.isAlone) return
    const next = this.#waiting.shift()
    if (next) next(customer)
    else this.#free.push(customer)
  }
}
