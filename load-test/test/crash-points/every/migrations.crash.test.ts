import { migrateAndDie, migrationCases } from '../support/migration'

test.each(migrationCases)(
  'a migration of $service dies at $point with $name: run again it comes to the same schema',
  async (doom) => {
    const { found, expected } = await migrateAndDie(doom)
    expect(expected.length).toBeGreaterThan(50)
    expect(found).toEqual(expected)
  },
  120_000,
)
