import { serviceNames } from '@order-saga/common'
import { redisAcl, redisPrefix } from '../../infra/redis-acl'
import { jobs } from '../containers'
import { autoscaling } from './autoscaling'
import { developmentSecrets, kustomization } from './configuration'
import { ingressFile } from './entry'
import { jobFile } from './job'
import { overTls } from './over-tls'
import { networkPolicy } from './policy'
import { deployment, disruptionBudget, service } from './workload'

const HEAD = '# Written by `npm run docs` from scripts/src/deploy: change that instead.\n'
const base = 'deploy/kubernetes/base'
const components = 'deploy/kubernetes/components'

const serviceFile = (name: (typeof serviceNames)[number]): string =>
  [deployment(name), service(name), disruptionBudget(name), networkPolicy(name)].join('---\n')

/** The files below deploy/kubernetes that follow from the services and their settings. */
export const kubernetesFiles = (): { readonly path: string; readonly content: string }[] => [
  ...serviceNames.map((name) => ({ path: `${base}/${name}.yaml`, content: HEAD + serviceFile(name) })),
  ...jobs.map((job) => ({ path: `${base}/${job}.yaml`, content: HEAD + jobFile(job) })),
  { path: `${base}/kustomization.yaml`, content: kustomization() },
  { path: `${components}/development-secrets/kustomization.yaml`, content: developmentSecrets() },
  {
    path: `${components}/development-secrets/users.acl`,
    content: redisAcl(redisPrefix({}), (user) => `development-only-${user}`),
  },
  { path: `${components}/entry/ingress.yaml`, content: HEAD + ingressFile() },
  { path: `${components}/over-tls/kustomization.yaml`, content: overTls() },
  { path: `${components}/autoscaling/autoscalers.yaml`, content: HEAD + autoscaling() },
]
