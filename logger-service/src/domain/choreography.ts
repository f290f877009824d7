import { type Contract, catalogue, reactions, type ServiceName, serviceNames } from '@order-saga/common'

export interface Reader {
  readonly service: ServiceName
  readonly step: string
  readonly compensates: string | null
}

export interface ChoreographedEvent {
  readonly type: string
  readonly version: number
  readonly publisher: ServiceName
  readonly summary: string
  readonly audience: Contract['audience']
  /** Without the journal, which hears everything. */
  readonly readers: Reader[]
  readonly perMinute: number
}

export interface Choreography {
  readonly services: { readonly service: ServiceName; readonly hearsEverything: boolean }[]
  readonly events: ChoreographedEvent[]
}

/** Who tells what to whom, from the contracts, with how often it was told of late. */
export const choreographyOf = (told: ReadonlyMap<string, number>): Choreography => ({
  services: serviceNames.map((service) => ({ service, hearsEverything: service === 'logger-service' })),
  events: catalogue.map(({ type, version, publisher, summary, audience }) => ({
    type,
    version,
    publisher,
    summary,
    audience,
    readers: (reactions[type] ?? []).map(({ compensates = null, ...reader }) => ({ ...reader, compensates })),
    perMinute: told.get(type) ?? 0,
  })),
})
