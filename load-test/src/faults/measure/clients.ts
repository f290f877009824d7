import type { At, Incident, Observation } from '../load/observations'
import { jsonLinesOf } from './lines'

/** What clients met, counted. */
export interface ClientCounts {
  readonly accepted: ReadonlySet<string>
  readonly acceptances: readonly At<Extract<Observation, { kind: 'accepted' }>>[]
  readonly cancelsRefused: ReadonlySet<string>
  readonly replays: number
  readonly keysReused: number
  readonly conflicts: number
  readonly aborted: number
  readonly drains: readonly Extract<Incident, { kind: 'drained' }>[]
  readonly poisons: readonly string[]
  readonly endedMs: readonly { readonly atMs: number; readonly tookMs: number }[]
}

export async function readClients(observationsFile: string, incidentsFile: string): Promise<ClientCounts> {
  const acceptances: At<Extract<Observation, { kind: 'accepted' }>>[] = []
  for await (const one of jsonLinesOf<At<Observation>>(observationsFile))
    if (one.kind === 'accepted') acceptances.push(one)
  const incidents: At<Incident>[] = []
  for await (const one of jsonLinesOf<At<Incident>>(incidentsFile)) incidents.push(one)
  const of = <K extends Incident['kind']>(kind: K) =>
    incidents.filter((one): one is At<Extract<Incident, { kind: K }>> => one.kind === kind)
  const cancels = of('cancel').filter(({ httpStatus }) => httpStatus === 409)
  return {
    acceptances,
    accepted: new Set(acceptances.map(({ orderId }) => orderId)),
    cancelsRefused: new Set(cancels.map(({ orderId }) => orderId)),
    replays: acceptances.filter(({ isReplay }) => isReplay).length,
    keysReused: of('refused').filter(({ status }) => status === 422).length,
    conflicts: cancels.length + of('refused').filter(({ status }) => status === 409).length,
    aborted: of('unknown').filter(({ isAborted }) => isAborted).length,
    drains: of('drained'),
    poisons: of('poison').map(({ id }) => id),
    endedMs: of('ended').map(({ at, tookMs }) => ({ atMs: Date.parse(at), tookMs })),
  }
}
