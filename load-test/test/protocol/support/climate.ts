import { type Weather, weathers } from './provider'

/** How hard life is: with `lossOneIn: 50` every fiftieth delivery is lost, with 0 none. */
export interface Climate {
  readonly orders: number
  /** Pieces of each product at the start. */
  readonly stock: readonly number[]
  readonly maxQuantity: number
  readonly duplicateOneIn: number
  readonly lossOneIn: number
  /** The service dies between commit and publish: its events come much later, and some of them twice. */
  readonly crashOneIn: number
  readonly cancelOneIn: number
  readonly deadlineOneIn: number
  /** One of them is drawn for every call of the provider. */
  readonly weathers: readonly Weather[]
  /** Off: every event of a batch is decided on what was there before the batch. */
  readonly hasFold: boolean
}

/** Everything in a random order, and nothing goes wrong. */
export const calm: Climate = {
  orders: 20,
  stock: [8, 5, 3],
  maxQuantity: 1,
  duplicateOneIn: 0,
  lossOneIn: 0,
  crashOneIn: 0,
  cancelOneIn: 0,
  deadlineOneIn: 0,
  weathers: ['fine'],
  hasFold: true,
}

export const stormy: Climate = {
  ...calm,
  maxQuantity: 2,
  duplicateOneIn: 15,
  lossOneIn: 50,
  crashOneIn: 40,
  cancelOneIn: 60,
  deadlineOneIn: 80,
  weathers: ['fine', 'fine', 'fine', ...weathers],
}
