import { measure } from '../measure'
import { startOurs } from '../our-system'
import { closedLoop } from '../phases'
import { MemoryWatch } from './memory-watch'
import type { Step } from './step'

const TARGET_MIB = 150
const DURATION_MS = 30_000

/** How much memory the services hold while as many orders as possible go through. */
export const memory: Step = {
  about: 'how much memory services hold under load',
  async run(say) {
    const system = await startOurs(say)
    try {
      const watch = new MemoryWatch(system.processes())
      await measure(system, { ...closedLoop, durationMs: DURATION_MS, seed: 1 })
      const most = watch.stop()
      await system.audit()
      const [[name, mib] = ['', 0]] = most
      return [
        {
          what: 'resident memory of a service under load',
          target: `≤ ${TARGET_MIB} MiB`,
          measured: `${mib.toFixed(0)} MiB (${name})`,
          isMet: mib <= TARGET_MIB,
        },
      ]
    } finally {
      await system.stop()
    }
  },
}
