import { type ServiceName, serviceNames } from '@order-saga/common'

export interface Heard<T> {
  /** In the order of the services. */
  readonly told: { readonly service: ServiceName; readonly value: T }[]
  readonly unreachable: ServiceName[]
}

/** Asks all services at once. Whoever does not answer, or refuses, is named and keeps nobody from being heard. */
export async function eachService<T>(ask: (service: ServiceName) => Promise<T>): Promise<Heard<T>> {
  const answers = await Promise.allSettled(serviceNames.map(ask))
  const told = answers.flatMap((answer, index) => {
    const service = serviceNames[index] as ServiceName
    return answer.status === 'fulfilled' ? [{ service, value: answer.value }] : []
  })
  const heard = new Set(told.map(({ service }) => service))
  return { told, unreachable: serviceNames.filter((service) => !heard.has(service)) }
}
