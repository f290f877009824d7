import { type RunnableParticipant, type ServiceName, serviceNames } from '@order-saga/common'

// by its folder's name: a service that joins is a folder and a line in services.ts, and nothing here
const participantOf = (service: ServiceName): RunnableParticipant =>
  (require(`@order-saga/${service}`) as { readonly participant: RunnableParticipant }).participant

/** Every service: topology, migrations, processes and documents are derived from this list. */
export const participants: readonly RunnableParticipant[] = serviceNames.map(participantOf)
