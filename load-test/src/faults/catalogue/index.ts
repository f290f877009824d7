import { brokerFaults } from './broker'
import { databaseFaults } from './databases'
import type { Fault } from './fault'
import { networkFaults } from './network'
import { outsideFaults } from './outside'
import { processFaults } from './processes'

export type { Fault, Scene, Strike } from './fault'

/** Every way in which a run breaks the shop. */
export const catalogue: readonly Fault[] = [
  ...processFaults,
  ...brokerFaults,
  ...databaseFaults,
  ...networkFaults,
  ...outsideFaults,
]

export function faultOf(kind: string): Fault {
  const fault = catalogue.find((one) => one.kind === kind)
  if (!fault) throw new Error(`no fault is called ${kind}; there are ${catalogue.map((one) => one.kind).join(', ')}`)
  return fault
}
