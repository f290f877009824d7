import Ajv, { type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../http/build-app'
import type { ApiDocument } from '../http/describe-answers'
import { documentOf } from '../http/describe-api'
import { Problem } from '../http/problem'

interface Media {
  readonly schema?: object
}

interface Described {
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Readonly<Record<string, Media>>
}

interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** undefined: none, or one that is sent bit by bit. */
  readonly body: string | undefined
}

// what HTTP, browsers and caches are told, whatever was asked
const EVERYWHERE =
  /^(content-(type|length|security-policy)|connection|keep-alive|transfer-encoding|date|vary|cache-control|access-control-.*|x-content-type-options|cross-origin-resource-policy|referrer-policy|strict-transport-security)$/

/**
 * An app of a test that answers 500 `not-as-described`, and says why, instead of whatever its own document does not have:
 * a status, a header, a kind of content, a field. So every test that asks it anything tests its document as well.
 */
export function onlyAsDescribed<T extends { readonly app: App }>(service: T): T {
  const wrong = answerChecker(() => documentOf(service.app))
  const refused = new WeakSet<FastifyRequest>()
  service.app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { url, schema } = request.routeOptions
    if (request.is404 || url === undefined || schema?.hide || refused.has(request)) return
    if (!request.routeOptions.config.access) return
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? String(payload) : undefined
    const received = { status: reply.statusCode, headers: reply.getHeaders(), body }
    const found = wrong(request.method, url.replace(/:(\w+)/g, '{$1}'), received)
    if (found.length === 0) return
    refused.add(request)
    const told = `${request.method} ${url} ${reply.statusCode}: ${found.join('; ')}`
    process.stderr.write(`not as described: ${told}\n`)
    throw new Problem(500, 'not-as-described', told)
  })
  return service
}

/** What is wrong with an answer by the document, in sentences. */
export function answerChecker(document: () => ApiDocument) {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv as never)
  const validators = new Map<Media, ValidateFunction>()
  const validatorOf = (media: Media): ValidateFunction => {
    const known = validators.get(media)
    if (known) return known
    const { schemas = {} } = document().components ?? {}
    const compiled = ajv.compile({ ...closed(media.schema), components: { schemas: closed(schemas) } })
    validators.set(media, compiled)
    return compiled
  }

  return (method: string, path: string, { status, headers, body }: Received): string[] => {
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase()
    const operation = document().paths?.[path]?.[verb]
    if (!operation) return ['no such operation is described']
    const described = resolve(document(), operation.responses[status]) as Described | undefined
    if (!described) return [`the status ${status} is not described`]
    const known = new Set(Object.keys(described.headers ?? {}).map((name) => name.toLowerCase()))
    const strange = Object.keys(headers).filter((name) => !EVERYWHERE.test(name) && !known.has(name))
    const found = strange.map((name) => `the header ${name} is not described`)
    const isBare = method === 'HEAD' || status === 204 || status === 304 || body === undefined
    return isBare ? found : [...found, ...wrongInBody(described, headers, body)]
  }

  function wrongInBody({ content = {} }: Described, headers: Received['headers'], body: string): string[] {
    const [type = ''] = String(headers['content-type']).split(';')
    const media = content[type]
    if (!media) return body === '' ? [] : [`a body of ${type} is not described`]
    if (!type.endsWith('json')) return []
    const validate = validatorOf(media)
    if (validate(JSON.parse(body))) return []
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    )
  }
}

function resolve(document: ApiDocument, answer: object | undefined): object | undefined {
  if (!answer || !('$ref' in answer)) return answer
  const name = String(answer.$ref).split('/').at(-1) ?? ''
  return (document.components?.responses as Record<string, object> | undefined)?.[name]
}

/** Documents leave room for what is added later; what is sent today has no field that they do not name. */
function closed<T>(schema: T): T {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map(closed) as T
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const isOpen = inner.type === 'object' && inner.properties && !('additionalProperties' in inner)
  return (isOpen ? { ...inner, additionalProperties: false } : inner) as T
}
