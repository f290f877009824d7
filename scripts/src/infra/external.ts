import { connect } from 'node:net'
import { type Addresses, addresses } from './addresses'
import { Unavailable } from './infra-error'
import { mail, provider } from './outside-world'
import { answersQuery } from './postgres'
import { respondsOk } from './probe'
import { alone, type Managed } from './servers'

const required = ['SHOP_POSTGRES_ADMIN_URL', 'SHOP_AMQP_ADMIN_URL', 'SHOP_AMQP_URL_BASE', 'SHOP_REDIS_URL']

/** Somebody else's servers: checked, never started, stopped or written to from here. */
export async function checkExternal(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const missing = required.filter((name) => !env[name])
  if (missing.length > 0) throw new Unavailable(`SHOP_INFRA=external also needs ${missing.join(', ')}`)
  const results = await Promise.all(checks(addresses(env)))
  const failed = results.filter(({ ok }) => !ok).map(({ what }) => what)
  if (failed.length > 0) throw new Unavailable(`no answer from ${failed.join(', ')}`)
}

/** What nobody gave an address of is ours to run. */
export const ownBesideExternal = (env: NodeJS.ProcessEnv = process.env): Managed[] => [
  ...(env.SHOP_SMTP_URL ? [] : [alone(mail)]),
  ...(env.SHOP_PROVIDER_URL ? [] : [alone(provider)]),
]

function checks({ postgresAdminUrl, amqpAdminUrl, amqpUrlBase, redisUrl }: Addresses) {
  const { origin, username, password } = new URL(amqpAdminUrl)
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`
  const check = async (url: string, ok: Promise<boolean>) => ({ what: new URL(url).host, ok: await ok })
  // a cluster with a node away is up
  const nodes = amqpUrlBase.split(',')
  const anyNode = async () => (await Promise.all(nodes.map((node) => isListening(node, 5672)))).some(Boolean)
  return [
    check(postgresAdminUrl, answersQuery({ connectionString: postgresAdminUrl })),
    check(amqpAdminUrl, respondsOk(`${origin}/api/overview`, { authorization })),
    check(nodes[0] ?? amqpUrlBase, anyNode()),
    check(redisUrl, isListening(redisUrl, 6379)),
  ]
}

function isListening(url: string, defaultPort: number): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || defaultPort, timeout: 5_000 })
    const done = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => done(true))
    socket.once('timeout', () => done(false))
    socket.once('error', () => done(false))
  })
}
