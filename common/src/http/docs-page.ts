import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui'

// what Swagger UI is made of, all of it its own; its styles are set by script
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** What people may ask first, then what keeps the service going. Is sent to the browser as it stands here. */
const shopFirst = (a: string, b: string): number => {
  const rankOf = (tag: string) => ['operations', 'dead letters'].indexOf(tag)
  return rankOf(a) - rankOf(b)
}

/** Swagger UI under /docs: a page to try things on, without anything that leads elsewhere. */
export const docsPage = (service: string): FastifySwaggerUiOptions => ({
  routePrefix: '/docs',
  staticCSP: POLICY,
  theme: { title: `${service} · API` },
  uiConfig: {
    layout: 'BaseLayout',
    tryItOutEnabled: true,
    persistAuthorization: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: -1,
    tagsSorter: shopFirst,
  },
})
