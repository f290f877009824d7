import { runSchedules, seedsFrom } from './support/run-schedules'

const seeds = seedsFrom(50_000, 50_000)

it(`20 orders sharing stock end well in ${seeds.length} further schedules`, async () => {
  await runSchedules(seeds)
}, 3_600_000)
