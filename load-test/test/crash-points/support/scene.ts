import type { Id } from '@order-saga/common'
import { type PlacedOrder, placeOrder } from '@order-saga/common/client'
import { eventually } from '@order-saga/common/testing'
import { cartOf } from '../../support/cart'
import { type Story, storyOf } from '../../support/story'
import type { Answer, Customer, Question, TestShop } from '../../support/test-shop'

// a process dies and starts again meanwhile, on a machine that does other things as well
const PATIENCE_MS = 60_000

/** What a story needs of a shop one of whose services may be away at any moment. */
export class Scene {
  constructor(
    readonly shop: TestShop,
    readonly ada: Customer,
  ) {}

  query<Row = Record<string, unknown>>(...args: Parameters<TestShop['premises']['query']>): Promise<Row[]> {
    return this.shop.premises.query<Row>(...args)
  }

  /** Asks until there is an answer: whether the first was carried out nobody knows. */
  ask<T = unknown>(service: Parameters<TestShop['ask']>[0], path: string, question: Question): Promise<Answer<T>> {
    return eventually(async () => {
      const answer = await this.shop.ask<T>(service, path, question)
      if (answer.status >= 500) throw new Error(`${service}${path}: ${answer.status}`)
      return answer
    }, PATIENCE_MS)
  }

  /** Two pieces of a product that is then nearly sold out. */
  async place(productId: Id, paymentToken = 'tok_visa', quantity = 2): Promise<PlacedOrder> {
    return this.shop.place(this.ada, [{ productId, quantity }], { paymentToken })
  }

  async placeCart(productId: Id): Promise<PlacedOrder> {
    const { token } = this.ada
    await this.ask('cart-service', `/cart/items/${productId}`, { method: 'PUT', token, body: { quantity: 2 } })
    return placeOrder({ baseUrl: this.shop.url('order-service'), token, body: { paymentToken: 'tok_visa' } })
  }

  inCart(quantities: readonly number[]): Promise<void> {
    return this.until(async () => {
      const { lines } = await cartOf(this.shop, this.ada)
      expect(lines.map(({ quantity }) => quantity)).toEqual(quantities)
    })
  }

  /** Everybody sees the order end like this. Of a mail more than one copy may have arrived. */
  ended({ id }: { id: Id }, expected: Story): Promise<void> {
    return this.until(async () => {
      const story = await storyOf(this.shop, id)
      expect({ ...story, mails: [...new Set(story.mails)] }).toEqual(expected)
    })
  }

  /** What the provider is asked comes to nothing from now on. */
  loseProvider(): Promise<void> {
    return this.shop.outside.provider({ mode: 'down' })
  }

  /** The provider is back, and nobody waits for the next attempt. */
  async regainProvider(): Promise<void> {
    await this.shop.outside.provider({ mode: 'ok' })
    await this.query('payment-service', `UPDATE payments SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL`)
  }

  /** An order whose stock is held while its money waits for the provider. */
  async whenCharging({ id }: { id: Id }): Promise<void> {
    await this.until(async () => expect((await storyOf(this.shop, id)).payment).toBe('charging'))
    await this.told(id, 'inventory.reserved')
  }

  /** Somebody has told it, and order-service, if it is its business, has heard it or will. */
  told(id: Id, type: string): Promise<void> {
    return this.until(async () => {
      const types = (await this.shop.told(id)).map((event) => event.type)
      expect(types).toContain(type)
    })
  }

  until<T>(check: () => Promise<T>): Promise<T> {
    return eventually(check, PATIENCE_MS)
  }
}
