import type { Database, Id, OrderLine, Queryable, Tx } from '@order-saga/common'
import { insertGuest } from '../db/guests'
import { type Edit, editCart } from '../use-cases/edit-cart'
import { guestCart, holdGuestCart } from '../use-cases/guest-cart'
import { mergeCarts } from '../use-cases/merge-carts'
import { viewCart } from '../use-cases/view-cart'

/** Whose cart is asked for: of a customer, or of whoever has a guest's token. */
export type Owner = { readonly customerId: Id } | { readonly guestToken: string }

type View = Awaited<ReturnType<typeof viewCart>>

/** What the routes ask for: opens the transaction a use case works in. */
export class CartApi {
  readonly #database: Database
  readonly #currency: string

  constructor(database: Database, currency: string) {
    this.#database = database
    this.#currency = currency
  }

  async view(owner: Owner): Promise<View> {
    const id = 'customerId' in owner ? owner.customerId : await guestCart(this.#database, owner.guestToken)
    return this.#view(this.#database, id)
  }

  edit(owner: Owner, edit: Edit): Promise<View> {
    return this.#database.transaction(async (tx) => {
      const id = await hold(tx, owner)
      await editCart(tx, id, edit)
      return this.#view(tx, id)
    })
  }

  openGuestCart(): Promise<string> {
    return insertGuest(this.#database)
  }

  merge(customerId: Id, guestToken: string): Promise<View & { leftOut: OrderLine[] }> {
    return this.#database.transaction(async (tx) => {
      const leftOut = await mergeCarts(tx, customerId, guestToken)
      return { ...(await this.#view(tx, customerId)), leftOut }
    })
  }

  #view(db: Queryable, cartId: Id): Promise<View> {
    return viewCart(db, cartId, this.#currency)
  }
}

const hold = async (tx: Tx, owner: Owner): Promise<Id> =>
  'customerId' in owner ? owner.customerId : holdGuestCart(tx, owner.guestToken)
