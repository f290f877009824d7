import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Climate, calm } from './support/climate'
import type { Schedules } from './support/run-schedules'
import { shipped } from './support/shop'
import { Simulation, Stage } from './support/simulate'

// `SIMULATION_SEED=4711` replays one schedule, `SIMULATION_RUNS=1000000` makes a night of it
const { SIMULATION_SEED, SIMULATION_RUNS = '100000' } = process.env
const half = Math.ceil(Number(SIMULATION_RUNS) / 2)
const usual = [
  { first: 0, count: half },
  { first: half, count: half },
]
const all: readonly Schedules[] = SIMULATION_SEED ? [{ first: Number(SIMULATION_SEED), count: 1 }] : usual

/** In a process of its own, on another core. */
async function simulated({ first, count }: Schedules): Promise<string> {
  const program = ['run-typescript.cjs', 'simulate-many.ts'].map((file) => join(__dirname, 'support', file))
  return (await promisify(execFile)(process.execPath, [...program, String(first), String(count)])).stdout
}

const simulating = Promise.all(all.map(simulated))
// the test that waits for it says what went wrong
simulating.catch(() => undefined)

it('500 buyers of the last 100 units: exactly 100 of them pay, whatever the sequence', async () => {
  const rush: Climate = { ...calm, orders: 500, stock: [100], duplicateOneIn: 10 }
  for (let seed = 0; seed < 20; seed++) {
    const simulation = new Simulation(new Stage(shipped), rush, seed)
    expect(await simulation.run()).toBeUndefined()
    expect(simulation.paid).toBe(100)
  }
})

it('20 orders sharing stock end well in each schedule of losses, duplicates, crashes, cancels and a slow provider', async () => {
  const lines = await simulating
  console.log(lines.join('\n'))
  for (const [n, { count }] of all.entries()) expect(lines[n]).toContain(`${count} schedules of 20 orders`)
}, 3_600_000)
