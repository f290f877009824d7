import { SERVICES, type ServiceName } from '@order-saga/common'
import { entryPathsOf } from '../entry-paths'
import { callersOf, type Peer, reachedBy, TLS_PORT } from '../reach'

const ports = (numbers: readonly number[]): string =>
  `      ports: [${numbers.map((port) => `{ port: ${port} }`).join(', ')}]`

const pods = (name: string): string => `{ podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } } }`
const namespace = (name: string): string =>
  `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }`

const rule = (direction: 'from' | 'to', peer: string, numbers: readonly number[]): string =>
  [`    - ${direction}: [${peer}]`, ports(numbers)].join('\n')

/** A policy that lets a pod reach exactly these. */
export const egressRules = (peers: readonly Peer[]): string =>
  peers.map(({ name, ports: numbers }) => rule('to', pods(name), numbers)).join('\n')

/** Who may call a service, and whom it may call: what its settings name. */
export function networkPolicy(service: ServiceName): string {
  const own = [SERVICES[service].port, TLS_PORT]
  const callers = [
    ...(entryPathsOf(service).length > 0 ? [namespace('traefik')] : []),
    ...callersOf(service).map(pods),
    namespace('monitoring'),
  ]
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${service}
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${service} } }
  policyTypes: [Ingress, Egress]
  ingress:
${callers.map((caller) => rule('from', caller, own)).join('\n')}
  egress:
${egressRules(reachedBy(service))}
`
}
