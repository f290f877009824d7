import swagger from '@fastify/swagger'
import type { FastifySchema, HTTPMethods } from 'fastify'
import type { Access } from './access'
import type { App } from './build-app'
import { type ApiDocument, describeAnswers } from './describe-answers'

// what is refused before it is known which route is meant
const ELSEWHERE = `
Every refusal is \`application/problem+json\` (RFC 9457); its \`type\` is for programs and stable. Besides what each route says:
a path that nobody knows is 404 \`not-found\`, another verb 405 \`method-not-allowed\` with \`Allow\`, what is no HTTP 400
\`malformed-request\`, what takes too long to arrive 408 \`request-timeout\`, an \`Expect\` we do not know 417
\`expectation-failed\`, and more than 16 KiB of path and headers 431 \`headers-too-large\`. GET is also HEAD.
Requests may carry \`traceparent\` (W3C Trace Context) and \`X-Request-Id\`.`

/** The OpenAPI document of a service, drawn from its routes. */
export async function describeApi(app: App, service: string, about: string): Promise<void> {
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: service,
        description: about + ELSEWHERE,
        version: '1.0.0',
        // as SPDX calls it, which the types do not know
        license: { name: 'MIT', ...{ identifier: 'MIT' } },
      },
      servers: [{ url: '/', description: 'where this document comes from' }],
      components: { securitySchemes: { bearer: BEARER } },
    },
    transform: ({ schema, url, route }) => ({ schema: described(schema, url, route), url }),
    transformObject: (document) =>
      'openapiObject' in document ? describeAnswers(document.openapiObject as unknown as ApiDocument) : {},
  })
}

/** What a service says about its routes once it is ready. */
export const documentOf = (app: App): ApiDocument => app.swagger() as unknown as ApiDocument

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The `accessToken` that POST /login of auth-service answers: the same for every service.',
} as const

interface Route {
  readonly method: HTTPMethods | HTTPMethods[]
  readonly config?: { access?: Access }
}

function described(schema: FastifySchema | undefined, url: string, { method, config }: Route): FastifySchema {
  const access = config?.access
  if (access === undefined) return { ...schema, hide: true }
  return {
    operationId: operationIdOf([method].flat()[0] ?? '', url),
    ...schema,
    security: access === 'public' ? [] : [{ bearer: [] }],
    ...{ 'x-access': access, 'x-refusals': schema?.refusals ?? {}, 'x-always': schema?.always ?? [] },
  }
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** `GET /orders/:id/timeline` is `getOrdersByIdTimeline`. */
function operationIdOf(method: string, url: string): string {
  const words = url
    .replace(/:/g, 'by-')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
  return method.toLowerCase() + words.map(capitalised).join('')
}
