import { SERVICES, type ServiceName, serviceNames } from '@order-saga/common'

const HEAD = '# Written by `npm run docs`. '

const targets = (head: string, hostOf: (service: ServiceName) => string): string =>
  `${HEAD}${head}\n${serviceNames
    .map(
      (service) => `- { targets: ['${hostOf(service)}:${SERVICES[service].port}'], labels: { service: ${service} } }\n`,
    )
    .join('')}`

/** Where Prometheus finds the services: as processes of this machine, and in containers. */
export const prometheusTargets = () => [
  {
    path: 'deploy/observability/targets.yml',
    content: targets('After npm start or npm run up, with the ordinary ports.', () => '127.0.0.1'),
  },
  {
    path: 'deploy/observability/targets.compose.yml',
    content: targets('In containers of docker-compose.yml.', (service) => service),
  },
]
