import { SERVICES, type ServiceName, serviceNames } from '../contracts/services'
import { parseFailpoints } from '../failpoint'
import { choice, currency, flag, integer, networks, origins, type Setting, share, text, url, urlList } from './setting'

const DAY_MS = 86_400_000
const DAY_S = 86_400
// no limit at all, for who sets it so high
const MANY = 1_000_000

type UrlSettingOf<S extends ServiceName> = S extends `${infer Name}-service` ? `${Name}Url` : never
const shortOf = (service: ServiceName) => service.replace('-service', '')
const urlSettingOf = <S extends ServiceName>(service: S) => `${shortOf(service)}Url` as UrlSettingOf<S>

/** Where each service is found by those that ask it: `cartUrl` is `SHOP_CART_URL`. */
const serviceUrls = Object.fromEntries(
  serviceNames.map((service) => [
    urlSettingOf(service),
    url(`SHOP_${shortOf(service).toUpperCase()}_URL`, service, ['http:', 'https:'], {
      fallback: `http://127.0.0.1:${SERVICES[service].port}`,
    }),
  ]),
) as Readonly<Record<UrlSettingOf<ServiceName>, Setting<string>>>

/**
 * Every setting there is, for all services: one place to read what can be set, and what makes a misspelt name
 * recognisable. A service picks the ones it needs in its `config.ts`.
 */
export const settings = {
  nodeEnv: choice(
    'NODE_ENV',
    'production refuses development defaults',
    ['development', 'test', 'production'],
    'development',
  ),
  port: integer('PORT', 'HTTP port', 0, 65_535),
  host: text('SHOP_HOST', 'address to listen on', { fallback: '127.0.0.1' }),
  maxConnections: integer(
    'SHOP_MAX_CONNECTIONS',
    'open connections at most, further ones are hung up on',
    10,
    100_000,
    {
      fallback: 5_000,
    },
  ),
  maxRequests: integer(
    'SHOP_MAX_REQUESTS',
    'requests in hand, held ones among them: with more, what changes something is refused, with twice as many all',
    10,
    100_000,
    { fallback: 2_000 },
  ),
  maxLoopDelayMs: integer(
    'SHOP_MAX_LOOP_DELAY_MS',
    'a process whose event loop comes so late, twice in a row, refuses requests until it does not',
    50,
    60_000,
    { fallback: 2_000 },
  ),
  trustedProxies: networks(
    'SHOP_TRUSTED_PROXIES',
    'proxies in front, whose X-Forwarded-For says who is asking: addresses or networks (CIDR), comma separated',
  ),
  allowedOrigins: origins(
    'SHOP_ALLOWED_ORIGINS',
    'pages of other origins that may ask from a browser (CORS), such as https://shop.example, comma separated',
  ),
  writeLimit: integer(
    'SHOP_WRITE_LIMIT',
    'requests a minute that change something: of a user, or of an address where no token is needed; per service',
    1,
    MANY,
    { fallback: 100 },
  ),
  readLimit: integer('SHOP_READ_LIMIT', 'requests a minute that only read: of a user, per instance', 1, MANY, {
    fallback: 3_000,
  }),
  behindTls: flag('SHOP_BEHIND_TLS', 'clients come over TLS only: browsers are told to keep to that (HSTS)'),
  docs: choice(
    'SHOP_DOCS',
    'Swagger UI and OpenAPI under /docs; auto: everywhere but in production',
    ['auto', 'on', 'off'],
    'auto',
  ),
  failpoints: {
    env: 'SHOP_FAILPOINTS',
    about: 'where to die as with kill -9, in tests only: point[:name]=kill@pass, with commas between them',
    parse: parseFailpoints,
    fallback: [],
  } satisfies Setting<ReturnType<typeof parseFailpoints>>,
  logLevel: choice('LOG_LEVEL', 'pino level', ['silent', 'debug', 'info', 'warn', 'error'], 'info'),

  otlpEndpoint: url(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'where spans are sent (OTLP over HTTP), such as http://localhost:4318; without it none are recorded',
    ['http:', 'https:'],
    { fallback: '' },
  ),
  otlpHeaders: text('OTEL_EXPORTER_OTLP_HEADERS', 'sent along there: name=value, with commas between them', {
    isSecret: true,
    fallback: '',
  }),
  tracesSampler: choice(
    'OTEL_TRACES_SAMPLER',
    'which traces that begin here are recorded; of those that come in, whoever began them has decided',
    ['parentbased_always_on', 'parentbased_traceidratio', 'parentbased_always_off'],
    'parentbased_always_on',
  ),
  tracesSampledShare: share(
    'OTEL_TRACES_SAMPLER_ARG',
    'the share of them, from 0 to 1, for parentbased_traceidratio',
    1,
  ),

  databaseUrl: url(
    'SHOP_DATABASE_URL',
    "the service's own database, as its application role",
    ['postgres:', 'postgresql:'],
    { isSecret: true },
  ),
  databasePool: integer('SHOP_DATABASE_POOL', 'connections for named statements', 2, 100, { fallback: 10 }),
  allowUnsafeDatabase: flag('SHOP_ALLOW_UNSAFE_DB', 'accept fsync=off or synchronous_commit=off'),
  strictPrivileges: flag(
    'SHOP_STRICT_PRIVILEGES',
    'refuse a database role or broker user that may do more than the service needs, instead of warning',
  ),

  amqpUrl: urlList(
    'SHOP_AMQP_URL',
    "the broker and vhost, as the service's own user; of a cluster a URL per node, comma separated, tried in turn",
    ['amqp:', 'amqps:'],
    { isSecret: true },
  ),
  managementUrl: url(
    'SHOP_MANAGEMENT_URL',
    "the broker's management HTTP API, as a user that may only look; without it the journal cannot say who is consuming",
    ['http:', 'https:'],
    { isSecret: true, fallback: '' },
  ),
  amqpHeartbeatS: integer('SHOP_AMQP_HEARTBEAT_S', 'heartbeat in seconds', 5, 60, { fallback: 10 }),
  sharedBrokerUser: text('SHOP_SHARED_BROKER_USER', 'one broker user for all services: forging is not prevented then', {
    fallback: '',
  }),
  sweepAfterMs: integer('SHOP_RELAY_SWEEP_AFTER_MS', 'age at which an unsent event counts as forgotten', 100, 60_000, {
    fallback: 5_000,
  }),

  redisUrl: url(
    'SHOP_REDIS_URL',
    'product copies, rate limits, revoked tokens; no correctness depends on it',
    ['redis:', 'rediss:'],
    { isSecret: true, developmentFallback: 'redis://:development-only-redis@127.0.0.1:21379' },
  ),
  redisPrefix: text('SHOP_REDIS_PREFIX', 'begins the keys there; another one for every shop on one Redis', {
    fallback: 'shop:',
  }),

  jwksUrl: url('SHOP_JWKS_URL', "auth-service's public keys", ['http:', 'https:'], {
    fallback: 'http://127.0.0.1:8084/.well-known/jwks.json',
  }),
  tokenIssuer: text('SHOP_TOKEN_ISSUER', 'iss of access tokens', { fallback: 'order-saga' }),
  tokenAudience: text('SHOP_TOKEN_AUDIENCE', 'aud of access tokens', { fallback: 'shop' }),
  tokenTtlS: integer('SHOP_TOKEN_TTL_S', 'lifetime of an access token', 60, 86_400, { fallback: 900 }),
  sessionDays: integer('SHOP_SESSION_DAYS', 'a login ends then, however often it was refreshed', 1, 365, {
    fallback: 30,
  }),
  bcryptCost: integer('SHOP_BCRYPT_COST', 'bcrypt rounds (log2)', 10, 15, { fallback: 10 }),
  loginFailuresPerAccount: integer(
    'SHOP_LOGIN_FAILURES_PER_ACCOUNT',
    'wrong passwords for an account, or for an address that has none, until its logins are refused',
    1,
    MANY,
    { fallback: 5 },
  ),
  loginWindowS: integer(
    'SHOP_LOGIN_WINDOW_S',
    'seconds in which these are counted, and after which logins are possible again',
    1,
    DAY_S,
    { fallback: 900 },
  ),
  loginFailuresPerAddress: integer(
    'SHOP_LOGIN_FAILURES_PER_ADDRESS',
    'wrong passwords a minute from an address until its logins are refused',
    1,
    MANY,
    { fallback: 20 },
  ),
  registrationsPerAddress: integer(
    'SHOP_REGISTRATIONS_PER_ADDRESS',
    'attempts an hour from an address to open an account',
    1,
    MANY,
    { fallback: 100 },
  ),
  resetsPerAddress: integer(
    'SHOP_RESETS_PER_ADDRESS',
    'times an hour that an address may have a code for a new password mailed to somebody',
    1,
    MANY,
    { fallback: 20 },
  ),
  passwordPepper: text('SHOP_PASSWORD_PEPPER', 'secret mixed into every password hash', {
    isSecret: true,
    developmentFallback: 'development-only-pepper',
  }),
  keyPassphrase: text('SHOP_KEY_PASSPHRASE', 'encrypts the signing keys at rest', {
    isSecret: true,
    developmentFallback: 'development-only-passphrase',
  }),
  adminEmail: text('SHOP_ADMIN_EMAIL', 'administrator created on first start', {
    developmentFallback: 'admin@shop.example',
  }),
  adminPassword: text('SHOP_ADMIN_PASSWORD', "that administrator's password", {
    isSecret: true,
    developmentFallback: 'development-only-admin',
  }),

  traceUrl: url(
    'SHOP_TRACE_URL',
    'a trace in your tracing UI, {traceId} where its id belongs; none: no link',
    ['http:', 'https:'],
    {
      fallback: '',
    },
  ),
  currency: currency('SHOP_CURRENCY', 'ISO 4217 code; one per shop', 'EUR'),
  orderDeadlineMs: integer('SHOP_ORDER_DEADLINE_MS', 'an order that is pending longer is cancelled', 1_000, DAY_MS, {
    fallback: 120_000,
  }),
  openOrdersPerCustomer: integer(
    'SHOP_OPEN_ORDERS_PER_CUSTOMER',
    'orders of one customer that may be pending at once, so that nobody freezes the stock without buying it; 0: any number',
    0,
    MANY,
    { fallback: 5 },
  ),
  graceMs: integer(
    'SHOP_GRACE_MS',
    'how long after the deadline holders of stock or money wait before they ask',
    500,
    DAY_MS,
    { fallback: 30_000 },
  ),
  sweepMs: integer('SHOP_SWEEP_MS', 'interval of the deadline and overdue sweeps', 100, 60_000, { fallback: 1_000 }),
  // where services are found by those that ask them: order-service its customers' carts, logger-service all of them
  ...serviceUrls,
  auditorUrl: url('SHOP_AUDITOR_URL', 'the auditor', ['http:', 'https:'], { fallback: 'http://127.0.0.1:8091' }),
  cartIdleDays: integer(
    'SHOP_CART_IDLE_DAYS',
    'a cart in which nothing is changed for so many days is emptied',
    1,
    3_650,
    {
      fallback: 30,
    },
  ),

  providerUrl: url('SHOP_PROVIDER_URL', 'payment provider', ['http:', 'https:'], { fallback: 'http://127.0.0.1:8090' }),
  providerTimeoutMs: integer('SHOP_PROVIDER_TIMEOUT_MS', 'after this the outcome of a call is unknown', 100, 60_000, {
    fallback: 10_000,
  }),
  stripeKey: text('SHOP_STRIPE_KEY', 'secret key of a Stripe account, which then is the payment provider', {
    isSecret: true,
    fallback: '',
  }),
  stripeUrl: url('SHOP_STRIPE_URL', "Stripe's API", ['http:', 'https:'], { fallback: 'https://api.stripe.com' }),
  webhookSecret: text('SHOP_WEBHOOK_SECRET', 'what the payment provider signs its webhooks with', {
    isSecret: true,
    developmentFallback: 'development-only-webhooks',
  }),

  smtpUrl: url('SHOP_SMTP_URL', 'mail server', ['smtp:', 'smtps:'], {
    isSecret: true,
    fallback: 'smtp://127.0.0.1:21025',
  }),
  mailFrom: text('SHOP_MAIL_FROM', 'sender address', { fallback: 'orders@shop.example' }),
  sms: choice(
    'SHOP_SMS',
    'simulated: what customers want by SMS too is shown by the mail server; auto: everywhere but in production',
    ['auto', 'simulated', 'off'],
    'auto',
  ),
}

/** The setting that says where a service is found. */
export const urlSettings = Object.fromEntries(serviceNames.map((service) => [service, urlSettingOf(service)])) as {
  readonly [S in ServiceName]: UrlSettingOf<S>
}

export type Settings = typeof settings
export type SettingName = keyof Settings
