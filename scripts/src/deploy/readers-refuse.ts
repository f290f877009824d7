import { ConfigError, type Env, type ServiceName, serviceNames } from '@order-saga/common'
import { parseAllDocuments } from 'yaml'
import { participants } from '../participants'

interface Resource {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers: readonly ContainerSpec[] } } }
}

interface ContainerSpec {
  readonly envFrom?: readonly { readonly configMapRef?: { name: string }; readonly secretRef?: { name: string } }[]
}

/** What services say to the settings that rendered manifests give them. Empty when all of them take theirs. */
export function readersRefuse(rendered: string): string[] {
  const resources = parseAllDocuments(rendered).map((document) => document.toJS() as Resource)
  return serviceNames.flatMap((service) => {
    const deployment = resources.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === service)
    const [container] = deployment?.spec?.template?.spec?.containers ?? []
    if (!container) return [`${service} has no container`]
    return problemsOf(service, envOf(container, resources, service))
  })
}

function envOf({ envFrom = [] }: ContainerSpec, resources: readonly Resource[], service: ServiceName): Env {
  const find = (kind: string, name: string) => resources.find((one) => one.kind === kind && one.metadata.name === name)
  const values = envFrom.map(({ configMapRef, secretRef }) => {
    if (configMapRef) return find('ConfigMap', configMapRef.name)?.data ?? {}
    const secret = secretRef && find('Secret', secretRef.name)
    return secret ? decoded(secret.data ?? {}) : secretsMadeByHand(service)
  })
  return Object.assign({ NODE_ENV: 'production' }, ...values)
}

const decoded = (data: Readonly<Record<string, string>>): Env =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]))

/** As docs/deployment.md asks for them: in production nobody keeps them in a repository. */
export function secretsMadeByHand(service: ServiceName): Env {
  const byHand = 'made-by-hand-7-times'
  const role = `${service.replaceAll('-', '_')}_app`
  const own: Partial<Record<ServiceName, Env>> = {
    'auth-service': {
      SHOP_PASSWORD_PEPPER: byHand,
      SHOP_KEY_PASSPHRASE: byHand,
      SHOP_ADMIN_PASSWORD: byHand,
    },
    'logger-service': { SHOP_MANAGEMENT_URL: `https://monitoring:${byHand}@rabbitmq:15671` },
    'payment-service': { SHOP_WEBHOOK_SECRET: byHand },
    'mailer-service': { SHOP_SMTP_URL: `smtps://shop:${byHand}@mail.example:465` },
  }
  return {
    SHOP_DATABASE_URL: `postgres://${role}:${byHand}@postgres-rw:5432/${service.replaceAll('-', '_')}?sslmode=verify-full`,
    SHOP_AMQP_URL: `amqps://${service}:${byHand}@rabbitmq:5671/shop`,
    SHOP_REDIS_URL: `rediss://${service}:${byHand}@redis:6379/0`,
    ...own[service],
  }
}

function problemsOf(service: ServiceName, env: Env): string[] {
  try {
    participants.find((participant) => participant.service === service)?.readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => `${service}: ${problem}`)
    throw error
  }
}
