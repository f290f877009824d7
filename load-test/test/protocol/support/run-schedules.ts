import { type Climate, stormy } from './climate'
import { shipped } from './shop'
import { Simulation, Stage } from './simulate'

export const stage = new Stage(shipped)

/** `SIMULATION_SEED=4711` replays one schedule, `SIMULATION_RUNS=1000000` makes a night of it. */
export function seedsFrom(first: number, usually: number): number[] {
  const { SIMULATION_SEED, SIMULATION_RUNS } = process.env
  if (SIMULATION_SEED) return [Number(SIMULATION_SEED)]
  return Array.from({ length: Number(SIMULATION_RUNS ?? usually) }, (_, index) => first + index)
}

/** Throws with the rule that was broken and the seed that replays it. */
export async function runSchedules(seeds: readonly number[], climate: Climate = stormy): Promise<void> {
  const started = performance.now()
  let handled = 0
  let paid = 0
  for (const seed of seeds) {
    const simulation = new Simulation(stage, climate, seed)
    const broken = await simulation.run()
    if (broken) throw new Error(`${broken} (replay it with SIMULATION_SEED=${seed})`)
    handled += simulation.handled
    paid += simulation.paid
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    `${seeds.length} schedules of ${climate.orders} orders: ${handled} events, ${paid} orders paid, ${seconds} s`,
  )
}
