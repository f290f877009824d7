import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVICES, serviceNames } from '@order-saga/common'
import { parse, parseAllDocuments } from 'yaml'
import { containerEnv, isSecret } from '../src/deploy/containers'
import { entryPathsOf, entryPatterns } from '../src/deploy/entry-paths'
import { readersRefuse } from '../src/deploy/readers-refuse'
import { strict } from '../src/deploy/schemas'

const folder = join(__dirname, '../../deploy/kubernetes')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8')

// biome-ignore lint/suspicious/noExplicitAny: whatever a manifest holds
type Resource = any
const resources: Resource[] = files.flatMap((file) =>
  parseAllDocuments(textOf(file)).map((document) => document.toJS()),
)
const baseOf = (service: string): Resource[] =>
  parseAllDocuments(textOf(`base/${service}.yaml`)).map((document) => document.toJS())

describe.each(serviceNames)('%s', (service) => {
  const kinds = Object.fromEntries(baseOf(service).map((resource) => [resource.kind, resource]))
  const pod = kinds.Deployment.spec.template.spec

  it('listens where its Service and its probes look for it', () => {
    const { port } = SERVICES[service]
    const [container] = pod.containers
    expect(container.ports).toEqual([{ name: 'http', containerPort: port }])
    expect(kinds.Service.spec.ports).toEqual([{ name: 'http', port, targetPort: 'http' }])
    expect(container.command).toEqual(['node', `${service}/dist/main.js`])
    expect(
      [container.startupProbe, container.livenessProbe, container.readinessProbe].map((probe) => probe.httpGet.path),
    ).toEqual(['/livez', '/livez', '/readyz'])
  })

  it('has time to drain before it is killed', () => {
    const [container] = pod.containers
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(20 + container.lifecycle.preStop.sleep.seconds)
  })

  it('may nothing, and is given nothing that it would take for a setting', () => {
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
  })

  it('may be reached by who calls it, and reaches whom its settings name', () => {
    const named = Object.values(containerEnv(service)).filter((value) => value.includes('://'))
    const wanted = new Set(named.map((value) => new URL(value).hostname))
    const reached = kinds.NetworkPolicy.spec.egress.map(
      (rule: Resource) => rule.to[0].podSelector.matchLabels['app.kubernetes.io/name'],
    )
    expect(new Set(reached)).toEqual(wanted)
    const isCalledBy = (other: string) =>
      baseOf(other).some(
        ({ kind, spec }) => kind === 'NetworkPolicy' && JSON.stringify(spec.egress).includes(`"${service}"`),
      )
    expect(
      serviceNames.filter((other) => JSON.stringify(kinds.NetworkPolicy.spec.ingress).includes(`"${other}"`)),
    ).toEqual(serviceNames.filter(isCalledBy))
  })

  it('is reached through the entry where people may ask it something', () => {
    const routes = join(__dirname, '../..', service, 'src/http')
    const sources = readdirSync(routes).map((name) => readFileSync(join(routes, name), 'utf8'))
    const paths = sources.flatMap((text) =>
      [...text.matchAll(/app\.(?:get|put|post|patch|delete)\(\s*'([^']+)'/g)].map(([, path = '']) => path),
    )
    const isInside = (path: string) => /^\/(announce)$/.test(path)
    const leadsTo = (path: string) =>
      entryPatterns.find(({ pattern }) => new RegExp(pattern).test(path))?.service ??
      serviceNames.find((name) =>
        entryPathsOf(name).some((begin) => path === begin || (begin !== '/' && path.startsWith(`${begin}/`))),
      )
    const astray = paths.filter((path) => !isInside(path) && leadsTo(path) !== service)
    expect(astray).toEqual([])
  })
})

it('every container of every workload is bounded and may gain no privilege', () => {
  const pods = resources.flatMap((resource) => resource?.spec?.template?.spec ?? [])
  const containers = pods
    .flatMap(({ containers = [], initContainers = [] }) => [...containers, ...initContainers])
    .filter(({ image }) => image)
  expect(containers.length).toBeGreaterThan(serviceNames.length + 5)
  for (const { image, resources: bounds, securityContext } of containers) {
    expect(image).toMatch(/^order-saga$|:(development|v?\d+\.\d+[\w.-]*)$/)
    expect([bounds?.requests?.memory, bounds?.limits?.memory]).toEqual([expect.any(String), expect.any(String)])
    expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } })
  }
})

it('nobody reaches anybody unless a policy says so', () => {
  const [nobody] = parseAllDocuments(textOf('base/network.yaml')).map((document) => document.toJS())
  expect(nobody.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
})

it('no secret is in the base or in production, nor in a ConfigMap anywhere', () => {
  const shared = files.filter((file) => !/^(components\/development-secrets|overlays\/local)\//.test(file))
  expect(shared.filter((file) => /secretGenerator|kind: Secret\b|development-only/.test(textOf(file)))).toEqual([])
  const literals: string[] = files
    .map((file) => parse(textOf(file), { strict: false, logLevel: 'silent', uniqueKeys: false }))
    .flatMap((one) => one?.configMapGenerator ?? [])
    .flatMap((one: Resource) => one.literals ?? [])
  expect(literals.length).toBeGreaterThan(20)
  expect(literals.filter((literal) => isSecret(literal.split('=')[0] ?? '', literal))).toEqual([])
})

it('every file that is named is there', () => {
  for (const file of files.filter((name) => name.endsWith('kustomization.yaml'))) {
    const { resources: named = [], components = [] } = parse(textOf(file))
    for (const name of [...named, ...components])
      expect([file, name, existsSync(join(folder, file, '..', name))]).toEqual([file, name, true])
  }
})

it('settings that a service refuses are found', () => {
  const pod = (name: string) =>
    `kind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { spec: { containers: [{ envFrom: [{ configMapRef: { name: c } }] }] } } }`
  const refused = readersRefuse(
    ['kind: ConfigMap\nmetadata: { name: c }\ndata: { SHOP_TYPO: x }', ...serviceNames.map(pod)].join('\n---\n'),
  )
  expect(refused).toContain('order-service: SHOP_TYPO is not a setting of this project')
  expect(refused).toContain('order-service: SHOP_DATABASE_URL is required')
})

it('a field that a definition does not name is a mistake, unless it allows any', () => {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: {} }
  expect(strict({ type: 'object', properties: { a: { 'x-kubernetes-int-or-string': true }, open } })).toEqual({
    type: 'object',
    properties: { a: { type: ['integer', 'string'] }, open },
    additionalProperties: false,
  })
})
