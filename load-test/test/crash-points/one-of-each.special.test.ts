import { failpoints } from '@order-saga/common'
import { oneOfEach } from './support/cases'
import { migrateAndDie, migrationCases } from './support/migration'
import { crashes } from './support/run-cases'
import { dieAtStart, startUpCases } from './support/start-up'

const cases = oneOfEach(['order-service', 'payment-service', 'mailer-service'])
const migrations = ['migration.before_commit', 'migration.committed'] as const
const startUp = 'startup.before_listening'

it('every crash point is reached by a case', () => {
  const points = new Set([...cases.map(({ point }) => point), ...migrations, startUp])
  expect([...points].sort()).toEqual(Object.keys(failpoints).sort())
})

describe('a service', () => {
  const shop = crashes(cases)

  it(`dies at ${startUp}`, async () => {
    const doom = startUpCases.find(({ point }) => point === startUp)
    if (!doom) throw new Error('nobody dies while starting')
    await dieAtStart(shop(), doom)
  }, 120_000)
})

it.each(migrations)(
  'a migration dies at %s and is run again',
  async (point) => {
    const doom = migrationCases.findLast((one) => one.point === point)
    if (!doom) throw new Error(`no migration dies at ${point}`)
    const { found, expected } = await migrateAndDie(doom)
    expect(found).toEqual(expected)
  },
  120_000,
)
