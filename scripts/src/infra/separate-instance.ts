import { randomInt } from 'node:crypto'
import { defaultInstance, type Instance } from './instance'
import { isFree } from './port-claims'
import { portNames, shiftPorts } from './ports'

/** Servers of one's own beside the shared ones, for tests that stop and kill them, however many run at once. */
export async function separateInstance(name: string): Promise<Instance> {
  const { dataDir, ports } = defaultInstance()
  for (;;) {
    const shifted = shiftPorts(ports, randomInt(10, 1_000) * 10)
    const free = await Promise.all(portNames.map((port) => isFree(shifted[port])))
    if (free.every(Boolean)) return { dataDir: `${dataDir}-${name}-${process.pid}`, ports: shifted }
  }
}
