import { type Management, segment } from './management'
import type { Binding, Manifest, UserSpec } from './manifest'

export interface ApplyOptions {
  readonly vhost: string
  /** Password of a broker user. */
  readonly passwordOf: (user: string) => string
}

interface BrokerBinding {
  readonly source: string
  readonly destination: string
  readonly routing_key: string
  readonly properties_key: string
}

/** Makes the broker hold what the manifest says. Repeating it changes nothing; a stale binding of our queues goes. */
export async function applyTopology(
  management: Management,
  manifest: Manifest,
  { vhost, passwordOf }: ApplyOptions,
): Promise<void> {
  await management.put(`/vhosts/${segment(vhost)}`)
  await management.post(`/definitions/${segment(vhost)}`, definitionsOf(manifest))
  await removeStaleBindings(management, manifest, vhost)
  await Promise.all(manifest.users.map((user) => applyUser(management, user, vhost, passwordOf(user.name))))
}

/** Exchanges, queues and bindings in the broker's own import format. */
export const definitionsOf = ({ exchanges, queues, bindings }: Manifest) => ({
  exchanges: exchanges.map((exchange) => ({
    ...exchange,
    durable: true,
    auto_delete: false,
    internal: false,
    arguments: {},
  })),
  queues: queues.map((queue) => ({ ...queue, durable: true, auto_delete: false })),
  bindings: bindings.map(({ source, queue, routingKey }) => ({
    source,
    destination: queue,
    destination_type: 'queue',
    routing_key: routingKey,
    arguments: {},
  })),
})

async function applyUser(management: Management, user: UserSpec, vhost: string, password: string): Promise<void> {
  const { name, tags, configure, write, read } = user
  const place = `${segment(vhost)}/${segment(name)}`
  await management.put(`/users/${segment(name)}`, { password, tags })
  await management.put(`/permissions/${place}`, { configure, write, read })
  for (const [exchange, topics] of Object.entries(user.topicWrite))
    await management.put(`/topic-permissions/${place}`, { exchange, write: topics, read: '^$' })
}

const keyOf = ({ source, queue, routingKey }: Binding) => `${source} → ${queue} on ${routingKey}`

async function removeStaleBindings(management: Management, { bindings }: Manifest, vhost: string): Promise<void> {
  const wanted = new Set(bindings.map(keyOf))
  for (const found of await ourBindings(management, vhost, bindings)) {
    if (wanted.has(keyOf(toBinding(found)))) continue
    const { source, destination, properties_key } = found
    await management.delete(
      `/bindings/${segment(vhost)}/e/${segment(source)}/q/${segment(destination)}/${segment(properties_key)}`,
    )
  }
}

const toBinding = ({ source, destination, routing_key }: BrokerBinding): Binding => ({
  source,
  queue: destination,
  routingKey: routing_key,
})

/** Bindings of our queues, without those every queue has to the default exchange. */
async function ourBindings(
  management: Management,
  vhost: string,
  bindings: readonly Binding[],
): Promise<BrokerBinding[]> {
  const queues = new Set(bindings.map(({ queue }) => queue))
  const all = await management.get<BrokerBinding[]>(`/bindings/${segment(vhost)}`)
  return all.filter(({ source, destination }) => source !== '' && queues.has(destination))
}

/** What differs between the broker and the manifest, one sentence each; empty when nothing does. */
export async function checkTopology(management: Management, manifest: Manifest, vhost: string): Promise<string[]> {
  const [routing, users] = await Promise.all([
    checkRouting(management, manifest, vhost),
    Promise.all(manifest.users.map((user) => checkUser(management, user, vhost))),
  ])
  return [...routing, ...users.flat()]
}

/** The same without users and their rights, which only an administrator of the broker may see. */
export async function checkRouting(management: Management, manifest: Manifest, vhost: string): Promise<string[]> {
  const each = [checkExchanges, checkQueues, checkBindings].map((check) => check(management, manifest, vhost))
  return (await Promise.all(each)).flat()
}

async function checkExchanges(management: Management, { exchanges }: Manifest, vhost: string): Promise<string[]> {
  const found = await management.get<{ name: string; type: string }[]>(`/exchanges/${segment(vhost)}`)
  return exchanges
    .filter(({ name, type }) => !found.some((exchange) => exchange.name === name && exchange.type === type))
    .map(({ name, type }) => `${type} exchange ${name} is missing`)
}

async function checkQueues(management: Management, { queues }: Manifest, vhost: string): Promise<string[]> {
  const found = await management.get<{ name: string; arguments: Record<string, unknown> }[]>(
    `/queues/${segment(vhost)}`,
  )
  return queues.flatMap((queue) => {
    const actual = found.find(({ name }) => name === queue.name)
    if (!actual) return [`queue ${queue.name} is missing`]
    return Object.entries(queue.arguments)
      .filter(([key, value]) => actual.arguments[key] !== value)
      .map(([key, value]) => `queue ${queue.name} has ${key}=${String(actual.arguments[key])}, not ${value}`)
  })
}

async function checkBindings(management: Management, { bindings }: Manifest, vhost: string): Promise<string[]> {
  const found = new Set((await ourBindings(management, vhost, bindings)).map((binding) => keyOf(toBinding(binding))))
  const wanted = new Set(bindings.map(keyOf))
  const missing = [...wanted].filter((key) => !found.has(key)).map((key) => `binding ${key} is missing`)
  const stale = [...found].filter((key) => !wanted.has(key)).map((key) => `binding ${key} is not in the manifest`)
  return [...missing, ...stale]
}

async function checkUser(management: Management, user: UserSpec, vhost: string): Promise<string[]> {
  type Permission = { vhost: string; configure: string; write: string; read: string; exchange?: string }
  const ofVhost = (rows: Permission[]) => rows.filter((row) => row.vhost === vhost)
  try {
    const { tags } = await management.get<{ tags: string | string[] }>(`/users/${segment(user.name)}`)
    const found = [tags].flat().join()
    const tagged =
      found === user.tags ? [] : [`user ${user.name} has the tags ${found || 'of nobody'}, not ${user.tags || 'none'}`]
    const [permission] = ofVhost(await management.get<Permission[]>(`/users/${segment(user.name)}/permissions`))
    const topics = ofVhost(await management.get<Permission[]>(`/users/${segment(user.name)}/topic-permissions`))
    const plain = (['configure', 'write', 'read'] as const)
      .filter((right) => permission?.[right] !== user[right])
      .map((right) => `user ${user.name} may ${right} ${permission?.[right] ?? 'nothing'}, not ${user[right]}`)
    const topic = Object.entries(user.topicWrite)
      .filter(([exchange, pattern]) => topics.find((row) => row.exchange === exchange)?.write !== pattern)
      .map(([exchange, pattern]) => `user ${user.name} may not publish exactly ${pattern} to ${exchange}`)
    return [...tagged, ...plain, ...topic]
  } catch {
    return [`user ${user.name} is missing`]
  }
}
