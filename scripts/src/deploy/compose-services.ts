import { SERVICES, type ServiceName, serviceNames } from '@order-saga/common'
import { auditorEnv, containerEnv, jobEnv, jobs, type Values } from './containers'

/** A password of development becomes what `.env` says, with that default. */
export const fromEnvFile = (name: string, value: string): string =>
  /^development-only-[\w-]+$/.test(value)
    ? `\${${name}:-${value}}`
    : value.replaceAll(/development-only-([\w-]+)/g, (fallback, user: string) => `\${${variableOf(user)}:-${fallback}}`)

const variableOf = (user: string): string => `SHOP_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`

const environment = (env: Values): string[] =>
  Object.entries(env).map(([name, value]) => `      ${name}: '${fromEnvFile(name, value)}'`)

const service = (name: ServiceName): string[] => [
  `  ${name}:`,
  '    <<: *service',
  `    command: [node, ${name}/dist/main.js]`,
  `    ports: ['127.0.0.1:${SERVICES[name].port}:${SERVICES[name].port}']`,
  `    environment: &${name}`,
  ...environment(containerEnv(name)),
]

/** Under the same name on the network: who asks for the service finds them all. */
const furtherInstance = (name: ServiceName): string[] => [
  `  ${name}-more:`,
  '    <<: *service',
  '    profiles: [scale]',
  `    command: [node, ${name}/dist/main.js]`,
  `    environment: *${name}`,
  `    networks: { default: { aliases: [${name}] } }`,
]

const blocks = (one: (name: ServiceName) => string[]): string =>
  serviceNames.map((name) => one(name).join('\n')).join('\n\n')

/** The parts of docker-compose.yml that follow from the services and their settings, by name. */
export const composeParts = (): Record<string, string> => ({
  ...Object.fromEntries(jobs.map((job) => [job, environment(jobEnv[job]).join('\n')])),
  auditor: environment(auditorEnv).join('\n'),
  services: blocks(service),
  'more services': blocks(furtherInstance),
})
