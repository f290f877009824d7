import { type ServiceName, serviceNames } from '@order-saga/common'
import { containerEnv, type Job, jobEnv, serverPorts, type Values } from './containers'

export interface Peer {
  readonly name: string
  readonly ports: readonly number[]
}

/** Where a service that others call answers them over TLS, in front of its own port. */
export const TLS_PORT = 8443

/** A server's plain port, and the one that it has instead where TLS is asked for. */
function portsOf(name: string, port: number): number[] {
  if (name === 'rabbitmq') return port === serverPorts.rabbitmq ? [port, 5671] : [port, 15671]
  return serviceNames.some((service) => service === name) ? [port, TLS_PORT] : [port]
}

/** Whom settings name: whoever has them may reach these, and nobody else. */
function peersIn(env: Values): Peer[] {
  const urls = Object.values(env).filter((value) => value.includes('://'))
  const places = new Set(urls.map((value) => new URL(value).host))
  return [...places].map((place) => {
    const [name = '', port] = place.split(':')
    return { name, ports: portsOf(name, Number(port)) }
  })
}

/** Itself among them: it may be another instance that answers. */
export const reachedBy = (service: ServiceName): Peer[] => peersIn(containerEnv(service))

export const reachedByJob = (job: Job): Peer[] => peersIn(jobEnv[job])

/** Services that call this one. */
export const callersOf = (service: ServiceName): ServiceName[] =>
  serviceNames.filter((other) => reachedBy(other).some(({ name }) => name === service))
