import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVICES, type Setting, serviceNames, settings } from '@order-saga/common'
import { parse } from 'yaml'
import { composeParts } from '../src/deploy/compose-services'
import { replaceParts } from '../src/deploy/replace-parts'
import { ignoredBy } from '../src/image/context'
import { parseDockerfile } from '../src/image/dockerfile'
import { development } from '../src/infra'
import { portNames, portsFromEnv, portVariable } from '../src/infra/ports'
import { participants } from '../src/participants'

interface Container {
  readonly image: string
  readonly mem_limit?: string
  readonly cpus?: number
  readonly pids_limit?: number
  readonly profiles?: readonly string[]
  readonly restart?: string
  readonly build?: { readonly dockerfile: string; readonly target: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly unknown[]; readonly disable?: boolean }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const root = join(__dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true, maxAliasCount: -1 }) as {
  readonly services: Readonly<Record<string, Container>>
  readonly volumes: object
}
const isObserving = ({ profiles }: Container): boolean => profiles?.includes('observability') ?? false
const containers = Object.entries(compose.services)
const dockerfile = read('deploy/Dockerfile')

function container(name: string): Container {
  const found = compose.services[name]
  if (!found) throw new Error(`no container ${name}`)
  return found
}
/** As it is when nobody has a `.env`. */
const withoutEnvFile = (value: string) => value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
const envOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(container(name).environment ?? {}).map(([key, value]) => [key, withoutEnvFile(value)]),
  )
const jobs = ['migrate', 'topology']
const more = serviceNames.map((service) => `${service}-more`)

describe.each(participants)('$service in a container', ({ service, readConfig }) => {
  it('has settings that it takes, and every one that it needs', () => {
    expect(() => readConfig(envOf(service))).not.toThrow()
  })

  it('has the passwords that the jobs give out', () => {
    const given = Object.values({ ...envOf('migrate'), ...envOf('topology') })
    const { SHOP_DATABASE_URL = '', SHOP_AMQP_URL = '' } = envOf(service)
    for (const url of [SHOP_DATABASE_URL, SHOP_AMQP_URL]) expect(given).toContain(new URL(url).password)
  })

  it('looks for nobody on its own machine', () => {
    expect(Object.values(envOf(service)).filter((value) => /127\.0\.0\.1|localhost/.test(value))).toEqual([])
  })

  it('has a second instance under its name, without a port of the machine', () => {
    const second = container(`${service}-more`)
    expect(second).toMatchObject({ profiles: ['scale'], command: container(service).command })
    expect([second.ports, second.environment]).toEqual([undefined, container(service).environment])
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
    provider: [8090],
    auditor: [Number(envOf('auditor').PORT)],
  }
  for (const service of serviceNames) listening[service] = [SERVICES[service].port]
  const urls = containers.flatMap(([name]) => Object.values(envOf(name))).filter((value) => value.includes('://'))
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
      if (condition === 'service_healthy') expect(container(other).healthcheck?.disable).not.toBe(true)
      expect([condition, jobs.includes(other)]).toEqual([condition, condition === 'service_completed_successfully'])
    }
  },
)

it.each(containers)('%s has a health check and a command of nothing but words', (_name, { command, healthcheck }) => {
  // a colon and a blank make a mapping of an unquoted word, which Docker refuses
  for (const word of [...(command ?? []), ...(healthcheck?.test ?? [])]) expect(typeof word).toBe('string')
})

const ENGINE = '/var/run/docker.sock'

it.each(containers)(
  '%s keeps data in volumes that are declared, and changes no file of ours',
  (name, { volumes = [] }) => {
    for (const [from = '', _to, mode] of volumes.map((volume) => withoutEnvFile(volume).split(':')))
      if (from.startsWith('./')) expect([existsSync(join(root, from)), mode]).toEqual([true, 'ro'])
      else if (from === ENGINE) expect([name, mode]).toEqual(['alloy', 'ro'])
      else expect(Object.keys(compose.volumes)).toContain(from)
  },
)

it.each(containers)('%s is bounded, checked, and of a version that has a name', (name, one) => {
  const { mem_limit, cpus, pids_limit, image, healthcheck } = one
  expect([mem_limit, cpus, pids_limit]).toEqual([
    expect.stringMatching(/^\d+[mg]$/),
    expect.any(Number),
    expect.any(Number),
  ])
  expect(image).toMatch(/:(development|v?\d+\.\d+[\w.-]*)$/)
  // their images bring nothing to check them with, and nobody waits for them
  if (isObserving(one)) return
  expect(healthcheck).toBeDefined()
  expect([name, healthcheck?.disable ?? false]).toEqual([name, jobs.includes(name)])
  // ours have the image's own; only how often is said here
  expect(healthcheck?.test !== undefined).toBe(one.build === undefined)
})

it('a container is given nothing that nobody reads', () => {
  const known = new Set(Object.values<Setting<unknown>>(settings).map(({ env }) => env))
  const names = [...serviceNames, ...more].flatMap((name) => Object.keys(envOf(name)))
  expect(names.filter((name) => name !== 'PORT' && !known.has(name))).toEqual([])
  const jobNames = jobs.flatMap((name) => Object.keys(envOf(name)))
  const isForJobs = /^SHOP_PASSWORD_\w+$|^SHOP_(POSTGRES_ADMIN_URL|AMQP_ADMIN_URL|AMQP_URL_BASE)$/
  expect(jobNames.filter((name) => !isForJobs.test(name))).toEqual([])
})

it('a part that has no place is an error', () => {
  expect(() => replaceParts('services:\n', composeParts())).toThrow('no place for the part')
})

describe('the image', () => {
  const ours = containers.filter(([, { build }]) => build)
  const commands = ours.map(([, { command }]) => command?.join(' ') ?? '').filter((command) => command !== '')

  it('runs compiled files that have a source', () => {
    expect(ours).toHaveLength(2 * serviceNames.length + jobs.length + 2)
    for (const command of commands) {
      const file = /^node (\S+)\.js$/.exec(command)?.[1] ?? ''
      const sources = [file.replace('/dist/', '/src/'), file.replace('/dist/', '/')]
      expect([command, sources.some((source) => existsSync(join(root, `${source}.ts`)))]).toEqual([command, true])
    }
  })

  it('is built by a stage of the Dockerfile', () => {
    const names = parseDockerfile(dockerfile).map(({ name }) => name)
    for (const [, { build }] of ours) expect(names).toContain(build?.target)
  })

  it('is of a stage that does not run as root, checks itself and says what it is', () => {
    const stage = parseDockerfile(dockerfile).at(-1)
    const textOf = (keyword: string) =>
      stage?.steps.filter((step) => step.keyword === keyword).map(({ text }) => text) ?? []
    expect([stage?.name, textOf('USER')]).toEqual(['shop', ['1000:1000']])
    expect(textOf('HEALTHCHECK').join()).toContain('/readyz')
    for (const label of ['title', 'source', 'revision', 'version', 'licenses'])
      expect(textOf('LABEL').join()).toContain(`org.opencontainers.image.${label}=`)
  })

  it('is sent neither what is made or fetched, nor what is tested with or a person has', () => {
    const isIgnored = ignoredBy(read('.dockerignore'))
    const kept = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'LICENSE', 'common/src/index.ts']
    const away = [
      'node_modules/pg/x.js',
      'common/dist/index.js',
      'common/test/a.ts',
      '.git/HEAD',
      '.env',
      'docs/faults.md',
    ]
    expect([kept.filter(isIgnored), away.filter((path) => !isIgnored(path))]).toEqual([[], []])
  })
})

describe('the profile that shows how the shop is', () => {
  const observing = containers.filter(([, one]) => isObserving(one))

  it('has what takes traces, figures and logs, each in a version that is named', () => {
    expect(observing.map(([name]) => name).sort()).toEqual(['alloy', 'grafana', 'loki', 'prometheus', 'traces'])
    for (const [, { image }] of observing) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/)
  })

  it('mounts files that there are', () => {
    const mounted = observing.flatMap(([, { volumes = [] }]) =>
      volumes.flatMap((one) => one.match(/^\.\/[^:]+/)?.[0] ?? []),
    )
    expect(mounted.length).toBeGreaterThan(5)
    for (const file of mounted) expect([file, existsSync(join(root, file))]).toEqual([file, true])
  })

  it('is where services send their spans, when its file of settings is given', () => {
    const given = (file: string) => read(`deploy/observability/${file}.env`).match(/^[A-Z_]+=.+$/gm) ?? []
    expect(given('compose')).toEqual(['COMPOSE_PROFILES=shop,observability', 'TELEMETRY=on'])
    expect(given('telemetry-on')).toEqual(['OTEL_EXPORTER_OTLP_ENDPOINT=http://traces:4318'])
    expect(given('telemetry-off')).toEqual([])
    for (const service of serviceNames)
      expect(container(service)).toHaveProperty('env_file', [expect.stringMatching(/telemetry-.{TELEMETRY:-off}.env$/)])
  })
})
