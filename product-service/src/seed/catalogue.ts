import type { Id } from '@order-saga/common'

export interface SeedProduct {
  readonly id: Id
  readonly sku: string
  readonly name: string
  readonly description: string
  readonly category: string
  readonly priceMinor: number
  readonly available: number
}

/** The n-th product of the first catalogue: known in advance, so that demos and tests can name it. */
export const seedId = (n: number): Id => `01970000-0000-7000-8000-${n.toString().padStart(12, '0')}`

const product = (
  n: number,
  sku: string,
  name: string,
  rest: Omit<SeedProduct, 'id' | 'sku' | 'name'>,
): SeedProduct => ({
  id: seedId(n),
  sku,
  name,
  ...rest,
})

export const seedProducts: readonly SeedProduct[] = [
  product(1, 'DESK-ORG-01', 'Walnut desk organiser', {
    category: 'office',
    priceMinor: 3490,
    available: 120,
    description: 'Five compartments, oiled walnut, felt feet.',
  }),
  product(2, 'NOTE-A5-01', 'Dotted notebook A5', {
    category: 'office',
    priceMinor: 1290,
    available: 2500,
    description: '192 pages of 100 g paper that fountain pens like.',
  }),
  product(3, 'PEN-BRS-01', 'Brass ballpoint pen', {
    category: 'office',
    priceMinor: 2850,
    available: 640,
    description: 'Turned from one piece; takes any standard refill.',
  }),
  product(4, 'LAMP-ARM-01', 'Adjustable desk lamp', {
    category: 'office',
    priceMinor: 8990,
    available: 75,
    description: 'Warm to cool light, dims to one per cent.',
  }),
  product(5, 'MUG-STW-01', 'Stoneware mug, 350 ml', {
    category: 'kitchen',
    priceMinor: 1650,
    available: 900,
    description: 'Thrown by hand, so no two are quite alike.',
  }),
  product(6, 'KETTLE-01', 'Gooseneck kettle', {
    category: 'kitchen',
    priceMinor: 6490,
    available: 210,
    description: 'Holds a temperature to the degree for half an hour.',
  }),
  product(7, 'GRIND-01', 'Hand coffee grinder', {
    category: 'kitchen',
    priceMinor: 11900,
    available: 60,
    description: 'Steel conical burrs, 30 g in a minute.',
  }),
  product(8, 'KNIFE-CH-01', "Chef's knife, 20 cm", {
    category: 'kitchen',
    priceMinor: 9750,
    available: 140,
    description: 'Carbon steel; wants to be dried and rewards it.',
  }),
  product(9, 'BOARD-OAK-01', 'Oak cutting board', {
    category: 'kitchen',
    priceMinor: 4490,
    available: 330,
    description: 'End grain, 40 by 30 cm, with a juice groove.',
  }),
  product(10, 'KEYB-75-01', 'Mechanical keyboard, 75 %', {
    category: 'electronics',
    priceMinor: 12900,
    available: 180,
    description: 'Hot-swappable switches, quiet by default.',
  }),
  product(11, 'MOUSE-ERG-01', 'Vertical mouse', {
    category: 'electronics',
    priceMinor: 5490,
    available: 420,
    description: 'For the wrist that has had enough.',
  }),
  product(12, 'HEAD-OE-01', 'Over-ear headphones', {
    category: 'electronics',
    priceMinor: 19900,
    available: 95,
    description: 'Closed back, 40 hours, replaceable cushions.',
  }),
  product(13, 'CABLE-C2-01', 'USB-C cable, 2 m', {
    category: 'electronics',
    priceMinor: 1490,
    available: 10000,
    description: '100 W, braided, tested for ten thousand bends.',
  }),
  product(14, 'POWER-20-01', 'Power bank, 20,000 mAh', {
    category: 'electronics',
    priceMinor: 4990,
    available: 760,
    description: 'Charges a laptop once or a telephone five times.',
  }),
  product(15, 'TENT-2P-01', 'Two-person tent', {
    category: 'outdoor',
    priceMinor: 24900,
    available: 40,
    description: '1.9 kg, stands in four minutes, even in wind.',
  }),
  product(16, 'BOTTLE-75-01', 'Steel bottle, 750 ml', {
    category: 'outdoor',
    priceMinor: 2490,
    available: 1800,
    description: 'Cold for a day, hot for half of one.',
  }),
  product(17, 'PACK-28-01', 'Daypack, 28 litres', {
    category: 'outdoor',
    priceMinor: 8490,
    available: 260,
    description: 'A back that breathes and a cover for the rain.',
  }),
  product(18, 'SOCK-MER-01', 'Merino socks', {
    category: 'clothing',
    priceMinor: 1790,
    available: 3000,
    description: 'Mulesing-free wool, mended free of charge.',
  }),
  product(19, 'SCARF-01', 'Lambswool scarf', {
    category: 'clothing',
    priceMinor: 5900,
    available: 10,
    description: 'Woven in small runs; ten left of this one.',
  }),
  product(20, 'PRINT-LTD-01', 'Signed art print, last copies', {
    category: 'home',
    priceMinor: 14900,
    available: 2,
    description: 'Numbered and signed. When these are gone, they are gone.',
  }),
  product(21, 'VASE-SOLD-01', 'Porcelain vase, sold out', {
    category: 'home',
    priceMinor: 7900,
    available: 0,
    description: 'Back when the kiln is repaired.',
  }),
]

/** For demos: enough for everybody, two left, none left. */
export const PLENTIFUL = seedId(13)
export const LAST_COPIES = seedId(20)
export const SOLD_OUT = seedId(21)
