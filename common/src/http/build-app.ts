import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { newId } from '../ids'
import type { Metrics } from '../metrics'
import { traceIdOf, traceparentIn } from '../tracing/traceparent'
import type { Tracing } from '../tracing/tracing'
import { controlAccess } from './access'
import { allowedMethods } from './allowed-methods'
import type { Authenticate } from './authenticate'
import { clientRequestIdOf } from './client-request-id'
import { allowOrigins } from './cors'
import { describeApi } from './describe-api'
import { docsPage } from './docs-page'
import { handleErrors, handleFrameworkError } from './handle-errors'
import { limitReads } from './limit-reads'
import { limitWrites } from './limit-writes'
import { unavailable } from './problem'
import type { RateLimit } from './rate-limit'
import { mayRefuse } from './refusals'
import { refuseEarly } from './refuse-early'
import { refuseExpectation, refuseUnreadable } from './refuse-unreadable'
import { safeHeaders } from './safe-headers'
import { type LoadLimits, shedLoad } from './shed-load'
import { beginTrace, recordRequest } from './trace-requests'
import { validatorCompiler } from './validator'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface AppOptions {
  /** The process's name. */
  readonly service: string
  readonly about: string
  readonly logger: FastifyBaseLogger
  readonly metrics: Metrics
  readonly authenticate: Authenticate
  readonly tracing?: Tracing | undefined
  /** Swagger UI under /docs. */
  readonly hasDocs?: boolean
  readonly isBehindTls?: boolean
  readonly maxConnections?: number
  readonly load?: LoadLimits
  /** Of everybody, for what changes something. */
  readonly writeLimit?: RateLimit
  /** Of a user, a minute. */
  readonly readLimit?: number
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[]
  /** Other origins whose pages may ask. */
  readonly allowedOrigins?: readonly string[]
}

// a year
const HSTS = 'max-age=31536000'

/** A Fastify server with everything every service's HTTP side has in common. Routes are registered on it. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { service, about, logger, metrics, authenticate, tracing, hasDocs = true, isBehindTls = false } = options
  const app = fastify({
    loggerInstance: logger,
    // one line per answer is written below
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    childLoggerFactory: (log, bindings, options, raw) => {
      const clientRequestId = clientRequestIdOf(raw.headers)
      const traceparent = tracing ? beginTrace(tracing, raw) : traceparentIn(raw.headers.traceparent)
      const named = clientRequestId ? { ...bindings, clientRequestId } : bindings
      return log.child(traceparent ? { ...named, traceId: traceIdOf(traceparent) } : named, options)
    },
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    // longer than the usual 60 s of a load balancer, so that it never meets a connection we are just closing
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // answered as a problem below
    return503OnClosing: false,
    frameworkErrors: handleFrameworkError,
    clientErrorHandler: refuseUnreadable,
    // no Host is refused as a problem below; Node looks for requests that are too slow every 30 s otherwise
    http: { requireHostHeader: false, connectionsCheckingInterval: 1_000 },
    routerOptions: { maxParamLength: 100 },
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  const methodsOf = allowedMethods(app as unknown as FastifyInstance)
  handleErrors(app as unknown as FastifyInstance, methodsOf)
  allowOrigins(app as unknown as FastifyInstance, options.allowedOrigins ?? [], methodsOf)
  refuseEarly(app as unknown as FastifyInstance)
  app.server.on('checkExpectation', refuseExpectation)
  if (options.load) shedLoad(app as unknown as FastifyInstance, options.load)
  if (options.maxConnections) app.server.maxConnections = options.maxConnections
  hangUpWhenClosing(app)
  await describeApi(app, service, about)
  if (hasDocs) await app.register(swaggerUi, docsPage(service))
  controlAccess(app as unknown as FastifyInstance, authenticate)
  if (options.writeLimit) limitWrites(app as unknown as FastifyInstance, options.writeLimit)
  if (options.readLimit) limitReads(app as unknown as FastifyInstance, options.readLimit)
  observe(app, metrics, tracing)
  if (isBehindTls)
    app.addHook('onSend', async (_request, reply) => void reply.header('strict-transport-security', HSTS))
  return app
}

function observe(app: App, metrics: Metrics, tracing: Tracing | undefined): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    // Swagger UI brings its own
    const policy = reply.getHeader('content-security-policy')
    reply.headers(safeHeaders(request.id, clientRequestIdOf(request.headers)))
    if (policy) reply.header('content-security-policy', policy)
    if (request.caller && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, caller } = request
    const route = request.routeOptions.url ?? 'unmatched'
    const labels = { http_request_method: method, http_route: route, http_response_status_code: reply.statusCode }
    metrics.httpDuration.observe(labels, reply.elapsedTime / 1000)
    const line = { method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), userId: caller?.userId }
    if (tracing) recordRequest(tracing, request as unknown as FastifyRequest, reply as unknown as FastifyReply)
    request.log[levelOf(method, reply.statusCode)](line, 'request')
    done()
  })
}

function levelOf(method: string, status: number): 'warn' | 'info' | 'debug' {
  // somebody we know wants what is not theirs
  if (status === 403) return 'warn'
  return method === 'GET' || method === 'HEAD' ? 'debug' : 'info'
}

/**
 * Running requests are finished, new ones refused. A kept-alive connection whose last answer went out while closing,
 * or one opened in advance that never asked anything (Node counts it as busy), would hold up the end until it times out.
 */
function hangUpWhenClosing(app: App): void {
  let isClosing = false
  const connections = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  app.addHook('preClose', async () => {
    isClosing = true
    // what was sent before is read first: two turns, with one look at the network between them
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate)
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
  })
  app.addHook('onRoute', (route) => mayRefuse(route, { 503: ['shutting-down'] }))
  app.addHook('onRequest', (_request, _reply, done) => {
    if (isClosing) done(unavailable('shutting-down', 'This instance is shutting down: try again.'))
    else done()
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })
}
