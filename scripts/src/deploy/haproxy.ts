import { SERVICES, type ServiceName, serviceNames } from '@order-saga/common'
import { entryPathsOf, entryPatterns } from './entry-paths'

// the others have nothing that people may ask
const asked = serviceNames.filter((service) => entryPathsOf(service).length > 0)

const rule = (service: ServiceName): string => {
  const paths = entryPathsOf(service)
  const below = paths.filter((path) => path !== '/').map((path) => `${path}/`)
  return `    use_backend ${service} if { path ${paths.join(' ')} } || { path_beg ${below.join(' ')} }`
}

const rules = (): string[] => [
  ...entryPatterns.map(({ pattern, service }) => `    use_backend ${service} if { path_reg ${pattern} }`),
  ...asked.map(rule),
]

const backend = (service: ServiceName): string => `
backend ${service}
    option httpchk GET /readyz
    server-template ${service} 8 ${service}:${SERVICES[service].port} check inter 1s resolvers docker init-addr none
`

/** deploy/entry/haproxy.cfg: the one entry of profile `scale`, which finds however many instances there are. */
export const haproxyConfig = (): string => `# Written by \`npm run docs\` from scripts/src/deploy: change that instead.
global
    log stdout format raw local0
    maxconn 5000

resolvers docker
    nameserver dns 127.0.0.11:53
    hold valid 2s

defaults
    log global
    mode http
    option httplog
    option forwardfor
    option redispatch
    timeout connect 2s
    timeout client 75s
    timeout server 75s

frontend entry
    bind :8080
    monitor-uri /entry-health
    # requests of one address in ten seconds
    stick-table type ipv6 size 100k expire 30s store http_req_rate(10s)
    http-request track-sc0 src
    http-request deny deny_status 429 hdr Retry-After 10 if { sc_http_req_rate(0) gt 1000 }
    http-request del-header X-Forwarded-For
${rules().join('\n')}
    default_backend nobody

backend nobody
    http-request deny deny_status 404
${asked.map(backend).join('')}`
