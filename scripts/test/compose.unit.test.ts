import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVICES, serviceNames } from '@order-saga/common'
import { parse } from 'yaml'
import { addresses, development } from '../src/infra'
import { portNames, portsFromEnv, portVariable } from '../src/infra/ports'
import { participants } from '../src/participants'
import { serviceEnv } from '../src/shop/service-env'

interface Container {
  readonly image: string
  readonly restart?: string
  readonly build?: { readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test: readonly unknown[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const root = join(__dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>
  readonly volumes: object
}
const containers = Object.entries(compose.services)
const dockerfile = read('deploy/Dockerfile')

function container(name: string): Container {
  const found = compose.services[name]
  if (!found) throw new Error(`no container ${name}`)
  return found
}
const envOf = (name: string): Record<string, string> => ({ ...container(name).environment })

describe.each(participants)('$service in a container', ({ service, readConfig }) => {
  it('has settings that it takes, and every one that it needs', () => {
    expect(() => readConfig(envOf(service))).not.toThrow()
  })

  it('has the rights that the preparing container gives', () => {
    const redisUrl = `redis://:${development.redis.password}@redis:6379/0`
    const where = { ...addresses(envOf('prepare')), redisUrl }
    const { SHOP_DATABASE_URL, SHOP_AMQP_URL, SHOP_REDIS_URL } = serviceEnv(service, where, {})
    expect(envOf(service)).toMatchObject({ SHOP_DATABASE_URL, SHOP_AMQP_URL, SHOP_REDIS_URL })
  })

  it('listens where others look for it', () => {
    const { port } = SERVICES[service]
    expect(envOf(service)).toMatchObject({ PORT: String(port), SHOP_HOST: '0.0.0.0' })
    expect(container(service).ports).toEqual([`127.0.0.1:${port}:${port}`])
  })

  it('is started again whenever it ends', () => {
    expect(container(service).restart).toBe('unless-stopped')
  })
})

it('addresses of one container in the settings of another lead to a port it listens on', () => {
  const listening: Record<string, number[]> = {
    postgres: [5432],
    rabbitmq: [5672, 15672],
    redis: [6379],
    mail: [1025, 8025],
    provider: [Number(envOf('provider').SIMULATOR_PORT)],
    auditor: [Number(envOf('auditor').PORT)],
  }
  for (const service of serviceNames) listening[service] = [SERVICES[service].port]
  const urls = containers
    .flatMap(([, { environment = {} }]) => Object.values(environment))
    .filter((value) => value.includes('://'))
  expect(urls.length).toBeGreaterThan(3 * serviceNames.length)
  for (const url of urls.map((one) => new URL(one))) expect(listening[url.hostname]).toContain(Number(url.port))
})

it('servers have the administrators of the private ones', () => {
  const { postgres, rabbitmq, redis } = development
  expect(envOf('postgres')).toMatchObject({ POSTGRES_USER: postgres.user, POSTGRES_PASSWORD: postgres.password })
  expect(envOf('rabbitmq')).toEqual({
    RABBITMQ_DEFAULT_USER: rabbitmq.user,
    RABBITMQ_DEFAULT_PASS: rabbitmq.password,
    RABBITMQ_DEFAULT_VHOST: rabbitmq.vhost,
  })
  expect(container('redis').command).toContain('--aclfile')
  expect(envOf('redis')).toEqual({ REDISCLI_AUTH: redis.password })
})

it.each(containers)('%s is given no password as an argument', (_name, { command = [], healthcheck }) => {
  for (const word of [...command, ...(healthcheck?.test ?? [])]) expect(word).not.toMatch(/development-only|^-a$/)
})

it('are published on loopback only, on the ports of the private ones', () => {
  const published = containers.flatMap(([, { ports = [] }]) => ports)
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/)
  // two serve Erlang nodes among themselves
  const wanted = portNames.filter((name) => name !== 'erlangDistribution' && name !== 'epmd')
  for (const name of wanted) expect(published.join()).toContain(`\${${portVariable(name)}:-${portsFromEnv({})[name]}}`)
})

it.each(containers)(
  '%s waits for what exists, and for health only where it is checked',
  (_name, { depends_on = {} }) => {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(Object.keys(compose.services)).toContain(other)
      if (condition === 'service_healthy') expect(container(other).healthcheck).toBeDefined()
    }
  },
)

it.each(containers)('%s has a health check and a command of nothing but words', (_name, { command, healthcheck }) => {
  // a colon and a blank make a mapping of an unquoted word, which Docker refuses
  for (const word of [...(command ?? []), ...(healthcheck?.test ?? [])]) expect(typeof word).toBe('string')
})

it.each(containers)(
  '%s keeps data in volumes that are declared, and changes no file of ours',
  (_name, { volumes = [] }) => {
    for (const [from = '', _to, mode] of volumes.map((volume) => volume.split(':')))
      if (from.startsWith('./')) expect([existsSync(join(root, from)), mode]).toEqual([true, 'ro'])
      else expect(Object.keys(compose.volumes)).toContain(from)
  },
)

describe('the image', () => {
  const ours = containers.filter(([, { build }]) => build)
  const commands = [...ours.map(([, { command }]) => command?.join(' ') ?? ''), 'node order-service/dist/main.js']

  it('runs compiled files that have a source', () => {
    expect(ours).toHaveLength(serviceNames.length + 3)
    for (const command of commands) {
      const file = /^node (\S+)\.js$/.exec(command)?.[1] ?? ''
      const sources = [file.replace('/dist/', '/src/'), file.replace('/dist/', '/')]
      expect([command, sources.some((source) => existsSync(join(root, `${source}.ts`)))]).toEqual([command, true])
    }
  })

  it('is built with every workspace', () => {
    const workspaces = ['common', ...serviceNames, 'load-test', 'scripts']
    const copied = [...dockerfile.matchAll(/^COPY (\S+)\/package\.json \1\/$/gm)].map(([, folder]) => folder)
    expect(copied.sort()).toEqual(workspaces.sort())
  })

  it('does not run as root, and leaves out what is made or fetched', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m)
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '.git']))
  })
})
