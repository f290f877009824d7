/** Of a hundred orders, how many are of this kind. */
export interface Mix {
  readonly declines: number
  readonly outOfStock: number
  readonly cancels: number
  /** Of any ending: orders of more than one line, and orders of the one hot product. */
  readonly severalLines: number
  readonly hot: number
}

const names = {
  declines: 'declines',
  'out-of-stock': 'outOfStock',
  cancels: 'cancels',
  'several-lines': 'severalLines',
  hot: 'hot',
} as const satisfies Readonly<Record<string, keyof Mix>>

type Name = keyof typeof names

export const NOTHING_SPECIAL: Mix = { declines: 0, outOfStock: 0, cancels: 0, severalLines: 0, hot: 0 }

export const USUAL: Mix = { declines: 5, outOfStock: 3, cancels: 3, severalLines: 30, hot: 20 }

/** `declines=5,hot=20`, in per cent; what is not named does not happen. `none` is all of that. Throws what is wrong. */
export function readMix(text: string): Mix {
  if (text === 'none') return NOTHING_SPECIAL
  const parts = text.split(',').map((part) => readPart(part.trim()))
  const mix = { ...NOTHING_SPECIAL, ...Object.fromEntries(parts) }
  const endings = mix.declines + mix.outOfStock + mix.cancels
  if (endings > 100) throw new Error(`declines, out-of-stock and cancels together are ${endings} of a hundred`)
  return mix
}

function readPart(part: string): [keyof Mix, number] {
  const [name = '', share = ''] = part.split('=')
  if (!(name in names)) throw new Error(`there is no ${name || 'nameless kind'}, only ${Object.keys(names).join(', ')}`)
  const percent = Number(share.replace(/%$/, '') || Number.NaN)
  if (!(percent >= 0 && percent <= 100)) throw new Error(`${part}: a share is a number from 0 to 100`)
  return [names[name as Name], percent]
}

export const mixText = (mix: Mix): string =>
  (Object.keys(names) as Name[])
    .filter((name) => mix[names[name]] > 0)
    .map((name) => `${name}=${mix[names[name]]}`)
    .join(',') || 'none'
