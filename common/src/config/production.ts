import { splitUrls } from './split-urls'

// what servers come with, and what people type first
const DEFAULT_PASSWORDS = new Set(['guest', 'postgres', 'admin', 'password'])

// passwords, money, addresses, access tokens and the keys that prove them travel by these
const PLAIN_PROTOCOLS = new Set(['amqp:', 'http:', 'postgres:', 'postgresql:', 'redis:', 'smtp:'])
const SAFE_SSL_MODES = new Set(['require', 'verify-ca', 'verify-full'])

/** Why a value is good enough for development and tests only; never with the value itself. */
export function unfitForProduction(raw: string): string | undefined {
  if (raw.includes('development-only')) return 'is a development default, refused in production'
  const urls = raw.includes('://') ? splitUrls(raw).filter((one) => URL.canParse(one)) : []
  const faults = urls.map((one) => faultOf(new URL(one)))
  return faults.find((fault) => fault !== undefined)
}

function faultOf(url: URL): string | undefined {
  if (DEFAULT_PASSWORDS.has(url.password)) return 'has a default password, refused in production'
  if (/^smtps?:$/.test(url.protocol) && url.username !== '' && url.password === '')
    return 'names a user without a password, refused in production'
  if (/^rediss?:$/.test(url.protocol) && url.password === '') return 'has no password, refused in production'
  if (PLAIN_PROTOCOLS.has(url.protocol) && !isOnThisMachine(url) && !asksForTls(url))
    return 'leads to another machine without TLS, refused in production'
  return undefined
}

function isOnThisMachine({ hostname, searchParams }: URL): boolean {
  // PostgreSQL's clients take the host from the query as well, and a path there is a socket
  const host = searchParams.get('host') ?? hostname
  return host === '' || host === 'localhost' || host === '[::1]' || host.startsWith('/') || /^127\.[\d.]+$/.test(host)
}

const asksForTls = ({ protocol, searchParams }: URL): boolean =>
  protocol === 'smtp:'
    ? searchParams.get('requireTLS') === 'true'
    : protocol.startsWith('postgres') && SAFE_SSL_MODES.has(searchParams.get('sslmode') ?? '')
