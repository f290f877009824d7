import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { classify } from '../db/errors'
import { clientRequestIdOf } from './client-request-id'
import { type Invalid, notFound, PROBLEM_JSON, Problem, problemBody, unavailable } from './problem'
import { isWrite, mayRefuse } from './refusals'
import { safeHeaders } from './safe-headers'

const tooLarge = new Problem(413, 'payload-too-large', 'The body may have 64 KiB.')
const byCode: Record<string, Problem> = {
  FST_ERR_CTP_INVALID_JSON_BODY: new Problem(400, 'malformed-json', 'The body is not valid JSON.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: new Problem(400, 'malformed-json', 'The body is empty.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new Problem(415, 'unsupported-media-type', 'Send application/json.'),
  FST_ERR_CTP_BODY_TOO_LARGE: tooLarge,
  FST_ERR_MAX_PARAM_LENGTH: new Problem(400, 'validation', 'A part of the path is too long.'),
}

const inBody = { 400: ['malformed-json'], 413: ['payload-too-large'], 415: ['unsupported-media-type'] }

/** Errors become problem+json; what we did not foresee says nothing but its request id. */
export function handleErrors(app: FastifyInstance, methodsOf: (path: string) => string[]): void {
  app.addHook('onRoute', (route) => {
    mayRefuse(route, { 400: ['validation', 'bad-request'], 500: ['internal-error'], 503: ['service-unavailable'] })
    if (isWrite(route)) mayRefuse(route, inBody)
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error)
    // closed while the client still sends, the connection would be reset and this answer lost: the rest is read instead
    if (problem === tooLarge) reply.removeHeader('connection')
    if (problem.status >= 500) request.log.error({ err: error }, problem.slug)
    return sendProblem(problem, request, reply, error.validation as Invalid[] | undefined)
  })
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?')[0] ?? '')
    return sendProblem(methods.length > 0 ? wrongMethod(methods) : notFound('resource'), request, reply)
  })
}

/** For requests that never reach a route, such as a URL that cannot be decoded. */
export const handleFrameworkError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
  void sendProblem(toProblem(error), request, reply)

const wrongMethod = (methods: string[]) =>
  new Problem(405, 'method-not-allowed', `Send ${methods.join(', ')}.`, { Allow: methods.join(', ') })

function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error
  if (error.validation)
    return new Problem(400, 'validation', `The ${error.validationContext ?? 'request'} is not valid.`)
  const known = byCode[error.code]
  if (known) return known
  if (error instanceof SyntaxError && error.statusCode === 400)
    return new Problem(400, 'malformed-json', 'The body is not valid JSON.')
  if (error.statusCode === 429) return new Problem(429, 'rate-limited', 'Too many requests.')
  if (error.statusCode && error.statusCode < 500)
    return new Problem(error.statusCode, 'bad-request', 'The request is not valid.')
  // a server is away, or somebody else holds the row for too long: either passes
  const kind = classify(error)
  if (kind === 'infrastructure' || kind === 'contention')
    return unavailable('service-unavailable', 'Try again in a moment.')
  return new Problem(500, 'internal-error', 'Something went wrong on our side.')
}

function sendProblem(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  invalid?: readonly Invalid[],
): FastifyReply {
  return (
    reply
      .code(problem.status)
      .headers(problem.headers)
      // hooks do not run for a request that never reached a route
      .headers(safeHeaders(request.id, clientRequestIdOf(request.headers)))
      .header('content-type', PROBLEM_JSON)
      .serializer(JSON.stringify)
      .send(problemBody(problem, { instance: request.url.split('?')[0] ?? '', requestId: request.id, invalid }))
  )
}
