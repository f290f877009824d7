import { stormy } from './climate'
import { shipped } from './shop'
import { Simulation, Stage } from './simulate'

export interface Schedules {
  /** The seed of the first; the others follow. */
  readonly first: number
  readonly count: number
}

/** Answers what happened, in a line. Throws with the rule that was broken and the seed that replays it. */
export async function runSchedules({ first, count }: Schedules): Promise<string> {
  const started = performance.now()
  const stage = new Stage(shipped)
  let handled = 0
  let paid = 0
  for (let seed = first; seed < first + count; seed++) {
    const simulation = new Simulation(stage, stormy, seed)
    const broken = await simulation.run()
    if (broken) throw new Error(`${broken} (replay it with SIMULATION_SEED=${seed})`)
    handled += simulation.handled
    paid += simulation.paid
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  return `${count} schedules of ${stormy.orders} orders: ${handled} events, ${paid} orders paid, ${seconds} s`
}
