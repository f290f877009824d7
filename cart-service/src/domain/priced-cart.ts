import { type Id, MAX_MINOR } from '@order-saga/common'

/** A line of a cart beside what is known of its product. */
export interface CartLine {
  readonly productId: Id
  readonly quantity: number
  readonly name: string | null
  readonly priceMinor: number | null
  readonly currency: string | null
  readonly available: number
  /** What it cost when the customer put it in, or last set its pieces; null: nobody knew. */
  readonly seenPriceMinor: number | null
  /** There were enough of it then. */
  readonly wasAvailable: boolean
}

/** A cart as its customer sees it. Prices are a preview: the one that counts is made with the reservation. */
export function priced(lines: readonly CartLine[], currency: string) {
  const pricedLines = lines.map(pricedLine)
  return { lines: pricedLines, totalMinor: totalOf(pricedLines), currency }
}

function pricedLine({ productId, quantity, name, priceMinor, currency, available, ...then }: CartLine) {
  const { seenPriceMinor, wasAvailable } = then
  const isAvailable = available >= quantity
  return {
    productId,
    quantity,
    name,
    unitPriceMinor: priceMinor,
    currency,
    lineTotalMinor: priceMinor === null ? null : priceMinor * quantity,
    isAvailable,
    seenPriceMinor,
    hasPriceChanged: seenPriceMinor !== null && priceMinor !== null && seenPriceMinor !== priceMinor,
    hasRunShort: wasAvailable && !isAvailable,
  }
}

/** null: some price is unknown, or no order may be that large. */
function totalOf(lines: readonly { lineTotalMinor: number | null }[]): number | null {
  let total = 0
  for (const { lineTotalMinor } of lines) {
    if (lineTotalMinor === null) return null
    total += lineTotalMinor
  }
  return total <= MAX_MINOR ? total : null
}
