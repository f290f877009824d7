import { randomUUID } from 'node:crypto'
import type { BasicConfig } from '../config/read-config'
import { servers } from './servers'

/** Basic settings of a service under test: any free port, short waits. */
export const testConfig = (databaseUrl: string, amqpUrl: string): BasicConfig => ({
  nodeEnv: 'test',
  port: 0,
  host: '127.0.0.1',
  maxConnections: 5_000,
  maxRequests: 2_000,
  maxLoopDelayMs: 2_000,
  trustedProxies: [],
  allowedOrigins: [],
  // tests ask more than anybody would
  writeLimit: 1_000_000,
  readLimit: 1_000_000,
  behindTls: false,
  docs: 'on',
  failpoints: [],
  otlpEndpoint: '',
  otlpHeaders: '',
  tracesSampler: 'parentbased_always_on',
  tracesSampledShare: 1,
  logLevel: process.env.LOG_LEVEL === 'debug' ? 'debug' : 'silent',
  databaseUrl,
  databasePool: 5,
  allowUnsafeDatabase: false,
  strictPrivileges: false,
  amqpUrl,
  amqpHeartbeatS: 5,
  sharedBrokerUser: '',
  sweepAfterMs: 500,
  redisUrl: servers.redisUrl,
  redisPrefix: `test:${randomUUID()}:`,
  jwksUrl: 'http://127.0.0.1:1/jwks.json',
  tokenIssuer: 'order-saga',
  tokenAudience: 'shop',
})
