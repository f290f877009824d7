import { type Id, Problem, type Queryable, type Tx } from '@order-saga/common'
import { findGuest, type Guest, shareGuest } from '../db/guests'

/** The guest's cart, which stays while `tx` lasts: neither a merge nor its end can come in between. */
export const holdGuestCart = async (tx: Tx, token: string): Promise<Id> => cartOf(await shareGuest(tx, token))

export const guestCart = async (db: Queryable, token: string): Promise<Id> => cartOf(await findGuest(db, token))

const cartOf = (guest: Guest | undefined): Id => (guest && !guest.merged_into ? guest.cart_id : refuseGuest())

export function refuseGuest(): never {
  throw new Problem(400, 'invalid-guest-token', 'No guest has this token, or not any more.')
}
