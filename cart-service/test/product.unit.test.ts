import { productUpdated } from '@order-saga/common'
import { forget, learn, learnAvailable, type Product, UNHEARD_OF } from '../src/domain/product'

const { name, priceMinor, currency, available } = productUpdated.example
const known = { name, priceMinor, currency, available, isDeleted: false }
const heldAt = (version: number): Product => ({ ...known, version, stockVersion: version })
const leftAt = (stockVersion: number, available: number): Product => ({ ...heldAt(2), available, stockVersion })
const deletedAt = (version: number): Product => ({ ...heldAt(version), available: 0, isDeleted: true })
const at = (version: number, change = {}) => ({ ...productUpdated.example, version, ...change })

const changed = (state: Product) => ({ kind: 'changed', state, emits: [] })
const ignored = (reason: string) => ({ kind: 'ignored', reason })

test.each([
  ['nothing', 'a snapshot', learn(UNHEARD_OF, at(1)), changed(heldAt(1))],
  ['nothing', 'a late snapshot', learn(UNHEARD_OF, at(7)), changed(heldAt(7))],
  [
    'version 2',
    'a newer snapshot',
    learn(heldAt(2), at(3, { priceMinor: 1 })),
    changed({ ...heldAt(3), priceMinor: 1 }),
  ],
  ['version 2', 'the same snapshot', learn(heldAt(2), at(2)), ignored('unchanged')],
  [
    'version 2',
    'the same version with today’s stock',
    learn(heldAt(2), at(2, { available: 9 })),
    changed({ ...heldAt(2), available: 9 }),
  ],
  ['version 2', 'an older snapshot', learn(heldAt(2), at(1, { priceMinor: 1 })), ignored('older_version')],
  ['a deleted version 2', 'an older snapshot', learn(deletedAt(2), at(1)), ignored('older_version')],
  ['a deleted version 2', 'a snapshot of that version', learn(deletedAt(2), at(2)), ignored('already_deleted')],
  ['a deleted version 2', 'a newer snapshot', learn(deletedAt(2), at(3)), changed(heldAt(3))],
  [
    'nothing',
    'a deletion',
    forget(UNHEARD_OF, at(2)),
    changed({ ...UNHEARD_OF, version: 2, stockVersion: 2, isDeleted: true }),
  ],
  ['version 2', 'its deletion', forget(heldAt(2), at(3)), changed(deletedAt(3))],
  ['version 2', 'an older deletion', forget(heldAt(2), at(1)), ignored('older_version')],
  ['a deleted version 2', 'the deletion again', forget(deletedAt(2), at(2)), ignored('already_deleted')],
  ['a deleted version 2', 'an older deletion', forget(deletedAt(2), at(1)), ignored('older_version')],
  [
    'nothing',
    'stock',
    learnAvailable(UNHEARD_OF, at(3, { available: 1 })),
    changed({ ...UNHEARD_OF, available: 1, stockVersion: 3 }),
  ],
  ['version 2', 'newer stock', learnAvailable(heldAt(2), at(5, { available: 0 })), changed(leftAt(5, 0))],
  ['version 2', 'older stock', learnAvailable(heldAt(2), at(1, { available: 0 })), ignored('older_version')],
  ['version 2', 'stock of no version', learnAvailable(heldAt(2), { available: 0 }), ignored('of_unknown_version')],
  ['stock of version 5', 'the same again', learnAvailable(leftAt(5, 0), at(5, { available: 0 })), ignored('unchanged')],
  [
    'stock of version 5',
    'older stock',
    learnAvailable(leftAt(5, 0), at(4, { available: 5 })),
    ignored('older_version'),
  ],
  ['stock of version 5', 'newer stock', learnAvailable(leftAt(5, 0), at(6, { available: 2 })), changed(leftAt(6, 2))],
  [
    'stock of version 5',
    'the price of version 3',
    learn(leftAt(5, 0), at(3, { priceMinor: 1 })),
    changed({ ...leftAt(5, 0), version: 3, priceMinor: 1 }),
  ],
  ['stock of version 5', 'a delivery', learn(leftAt(5, 0), at(6)), changed(heldAt(6))],
  ['stock of version 5', 'its deletion', forget(leftAt(5, 0), at(6)), changed(deletedAt(6))],
  ['a deleted version 2', 'stock', learnAvailable(deletedAt(2), at(1, { available: 3 })), ignored('already_deleted')],
])('%s × %s', (_held, _event, decision, expected) => {
  expect(decision).toEqual(expected)
})
