import { serviceNames } from '@order-saga/common'
import { containerEnv, isSecret, jobEnv, jobs, type Values } from '../containers'

export interface Part {
  readonly name: string
  readonly values: Values
}

// said in a ConfigMap of its own, once for all; or by the image; or of what runs beside development's servers only
const SHARED = new Set(['NODE_ENV', 'SHOP_HOST', 'SHOP_AUDITOR_URL'])

const parts: Part[] = [
  ...serviceNames.map((name) => ({ name, values: containerEnv(name) })),
  ...jobs.map((name) => ({ name, values: jobEnv[name] })),
]

const only = (isWanted: (name: string, value: string) => boolean): Part[] =>
  parts.map(({ name, values }) => ({
    name,
    values: Object.fromEntries(
      Object.entries(values).filter(([key, value]) => !SHARED.has(key) && isWanted(key, value)),
    ),
  }))

/** What everybody may read, of services and jobs. */
export const configurations = (): Part[] => only((name, value) => !isSecret(name, value))

/** What a Secret holds, with the passwords of development. */
export const secrets = (): Part[] => only(isSecret)

const generator = ({ name, values }: Part): string =>
  [`  - name: ${name}`, '    literals:', ...literals(values)].join('\n')

const literals = (values: Values): string[] =>
  Object.entries(values).map(([name, value]) => `      - '${name}=${value}'`)

const HEAD = '# Written by `npm run docs` from scripts/src/deploy: change that instead.\n'

export const kustomization = (): string => `${HEAD}apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
labels: [{ pairs: { app.kubernetes.io/part-of: order-saga } }]
resources:
  - network.yaml
${parts.map(({ name }) => `  - ${name}.yaml`).join('\n')}
configMapGenerator:
  - name: shop
    literals: ['SHOP_HOST=0.0.0.0', 'SHOP_STRICT_PRIVILEGES=1', 'SHOP_BEHIND_TLS=1']
${configurations().map(generator).join('\n')}
`

/** For a cluster on one's own machine: the same passwords as everywhere in development. */
export const developmentSecrets = (): string => `${HEAD}apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
secretGenerator:
${secrets().map(generator).join('\n')}
  - name: redis-users
    files: [users.acl]
`
