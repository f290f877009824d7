import { serviceNames } from '@order-saga/common'
import { containerEnv } from '../containers'
import { callersOf, TLS_PORT } from '../reach'

const generator = (name: string, literals: readonly string[]): string =>
  [`  - name: ${name}`, '    behavior: merge', '    literals:', ...literals.map((one) => `      - '${one}'`)].join('\n')

/** Where a caller finds another service in production: behind the proxy that speaks TLS for it. */
const urlsOverTls = (name: (typeof serviceNames)[number]): string[] =>
  Object.entries(containerEnv(name))
    .filter(([, value]) => /^http:\/\/[a-z]+-service:/.test(value))
    .map(([key, value]) => {
      const { hostname, pathname } = new URL(value)
      return `${key}=https://${hostname}:${TLS_PORT}${pathname === '/' ? '' : pathname}`
    })

const service = (name: string): string => `    - target: { kind: Service, name: ${name} }
      patch: |-
        - op: add
          path: /spec/ports/-
          value: { name: https, port: ${TLS_PORT}, targetPort: https }`

/** Callers' settings, and the port at which those who are called answer them. */
export const overTls = (): string => `# Written by \`npm run docs\` from scripts/src/deploy: change that instead.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator:
${serviceNames.map((name) => generator(name, urlsOverTls(name))).join('\n')}
patches:
${serviceNames
  .filter((name) => callersOf(name).length > 0)
  .map((name) => service(name).replaceAll(/^ {2}/gm, ''))
  .join('\n')}
`
