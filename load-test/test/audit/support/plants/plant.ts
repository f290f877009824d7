import { type Id, newId } from '@order-saga/common'
import type { Expectations, InvariantId } from '@order-saga/scripts/audit'
import type { Rows, Scene, Undo } from '../scene'

export interface Plant {
  readonly name: string
  /** Exactly these are reported: several where one fact breaks several promises by their very words. */
  readonly breaks: readonly InvariantId[]
  /** What the report must say. */
  readonly says: (scene: Scene) => string
  /** Answers how to undo it. Provider and mail server forget nothing: what they have seen stays. */
  readonly plant?: (scene: Scene) => Promise<Undo | undefined>
  readonly expectations?: (scene: Scene) => Expectations
}

/** The id of nothing. */
export const NOBODY = newId()

export const order = (key: Id): Rows => ({ service: 'order-service', table: 'orders', where: 'orders.id = $1', key })

export const ofOrder = (service: Rows['service'], table: string, key: Id, rest = ''): Rows => ({
  service,
  table,
  where: `${table}.order_id = $1${rest}`,
  key,
})

export const both = async (...steps: Promise<Undo>[]): Promise<Undo> => {
  const undos = await Promise.all(steps)
  return () => Promise.all(undos.map((undo) => undo()))
}
