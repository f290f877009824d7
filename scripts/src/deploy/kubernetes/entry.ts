import { SERVICES, type ServiceName, serviceNames } from '@order-saga/common'
import { entryPathsOf, entryPatterns } from '../entry-paths'

const backend = (service: ServiceName): string =>
  `backend: { service: { name: ${service}, port: { number: ${SERVICES[service].port} } } }`

const path = (service: ServiceName, type: string, value: string): string =>
  `          - { path: '${value}', pathType: ${type}, ${backend(service)} }`

const ingress = (
  name: string,
  annotations: readonly string[],
  paths: readonly string[],
): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
${annotations.map((annotation) => `    ${annotation}`).join('\n')}
spec:
  ingressClassName: traefik
  rules:
    - host: shop.example
      http:
        paths:
${paths.join('\n')}
`

const limits = 'traefik.ingress.kubernetes.io/router.middlewares: order-saga-entry-limits@kubernetescrd'
const byPattern = 'traefik.ingress.kubernetes.io/router.pathmatcher: PathRegexp'

/** The single entry: which service answers what. The longest rule is asked first, patterns before all. */
export const ingressFile = (): string =>
  [
    ingress(
      'entry',
      [limits],
      serviceNames.flatMap((service) =>
        entryPathsOf(service).map((value) => path(service, value === '/' ? 'Exact' : 'Prefix', value)),
      ),
    ),
    ingress(
      'entry-patterns',
      [limits, byPattern, "traefik.ingress.kubernetes.io/router.priority: '1000'"],
      entryPatterns.map(({ pattern, service }) => path(service, 'ImplementationSpecific', pattern)),
    ),
  ].join('---\n')
