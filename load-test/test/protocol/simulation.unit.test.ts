import { type Climate, calm } from './support/climate'
import { runSchedules, seedsFrom, stage } from './support/run-schedules'
import { Simulation } from './support/simulate'

// the second half runs beside this one, on the other core: simulation-continued.unit.test.ts
const seeds = seedsFrom(0, 50_000)

it(`20 orders sharing stock end well in ${seeds.length} schedules of losses, duplicates, crashes, cancels and a slow provider`, async () => {
  await runSchedules(seeds)
}, 3_600_000)

it('500 buyers of the last 100 units: exactly 100 of them pay, whatever the sequence', async () => {
  const rush: Climate = { ...calm, orders: 500, stock: [100], duplicateOneIn: 10 }
  for (let seed = 0; seed < 20; seed++) {
    const simulation = new Simulation(stage, rush, seed)
    expect(await simulation.run()).toBeUndefined()
    expect(simulation.paid).toBe(100)
  }
})
