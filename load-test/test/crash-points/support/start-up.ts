import type { Failpoint } from '@order-saga/common'
import type { TestShop } from '../../support/test-shop'
import { type Doom, startAndDie } from './crash'

interface FirstStart {
  /** Makes the next start the first one. */
  readonly forget: string
  /** What the first start brings about. */
  readonly count: string
}

const firstStarts: Readonly<Record<string, FirstStart>> = {
  seedCatalogue: {
    forget: 'TRUNCATE products, seeds, stock_movements CASCADE',
    count: 'SELECT count(*)::int AS n FROM products',
  },
  openAccount: {
    forget: 'TRUNCATE users, signing_keys CASCADE',
    count: `SELECT count(*)::int AS n FROM users WHERE role = 'admin'`,
  },
}

const commit = ['transaction.before_commit', 'transaction.commit_sent', 'transaction.committed'] as const
const each = (service: Doom['service'], points: readonly Failpoint[], name: string): Doom[] =>
  points.map((point) => ({ service, point, name }))

export const startUpCases: readonly Doom[] = [
  ...each('product-service', commit, 'seedCatalogue'),
  ...each('auth-service', commit, 'openAccount'),
  ...each('order-service', ['startup.before_listening'], 'order-service'),
]

/** A service dies while it starts, and starts again: what the first start brings about is there once. */
export async function dieAtStart(shop: TestShop, doom: Doom): Promise<void> {
  const { service, name } = doom
  const first = firstStarts[name]
  const count = async () => first && (await shop.premises.query(service, first.count))
  const before = await count()
  await shop.stop(service)
  if (first) await shop.premises.query(service, first.forget)
  await startAndDie(shop, doom)
  await shop.start(service)
  expect(await count()).toEqual(before)
}
