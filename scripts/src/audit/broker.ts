import { setTimeout as pause } from 'node:timers/promises'
import type { Findings } from './report'
import { type AuditSources, fetchFrom } from './sources'
import { binding, expectedBindings, expectedQueues, journalist, LOG_LINES, services } from './who-hears-what'

interface Queue {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
}
interface Binding {
  readonly source: string
  readonly destination: string
  readonly routing_key: string
}
interface Consumer {
  readonly queue: { readonly name: string }
  readonly channel_details: { readonly name?: string }
}

async function ask<T>({ management: { url, vhost } }: AuditSources, kind: string): Promise<T> {
  const { protocol, host, username, password } = new URL(url)
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
  const address = `${protocol}//${host}/api/${kind}/${encodeURIComponent(vhost)}`
  const response = await fetchFrom('broker', address, { headers })
  if (!response.ok) throw new Error(`the broker has no vhost ${vhost}`)
  return response.json() as Promise<T>
}

export const queuesOf = (sources: AuditSources): Promise<Queue[]> => ask(sources, 'queues')

// how old figures of queues are at most, and a bit more: a queue tells them every five seconds, and the management API
// collects them every five
const PATIENCE_MS = 15_000
const LOOK_AGAIN_MS = 500

/** B1 and the queues of D1. What is not as it should be is looked at again, until the figures must be new. */
export async function auditBroker(sources: AuditSources, findings: Findings): Promise<void> {
  const deadline = performance.now() + (sources.expectations?.brokerPatienceMs ?? PATIENCE_MS)
  let seen = await lookAtBroker(sources)
  while (seen.broken.length > 0 && performance.now() < deadline) {
    await pause(LOOK_AGAIN_MS)
    seen = await lookAtBroker(sources)
  }
  for (const [id, violation] of seen.broken) findings.broken(id, violation)
  findings.checked('B1', seen.checked)
}

type Violation = readonly ['B1' | 'D1', string]

async function lookAtBroker(sources: AuditSources): Promise<{ checked: number; broken: Violation[] }> {
  const [queues, bindings, consumers] = await Promise.all([
    queuesOf(sources),
    ask<Binding[]>(sources, 'bindings'),
    ask<Consumer[]>(sources, 'consumers'),
  ])
  const broken = [...depths(queues), ...shapes(queues), ...ties(bindings), ...readers(consumers, sources)]
  return { checked: queues.length + bindings.length, broken }
}

function* depths(queues: readonly Queue[]): Generator<Violation> {
  // a line said while we look is on its way, and may be
  for (const { name, messages_ready: ready = 0, messages_unacknowledged: unacked = 0 } of queues)
    if (name !== LOG_LINES && ready + unacked > 0)
      yield [
        name.endsWith('.dead') ? 'D1' : 'B1',
        `queue ${name} has ${ready} messages ready, ${unacked} unacknowledged`,
      ]
}

function* shapes(queues: readonly Queue[]): Generator<Violation> {
  const found = new Map(queues.map((queue) => [queue.name, queue]))
  for (const [name, wanted] of expectedQueues()) {
    const queue = found.get(name)
    if (!queue) yield ['B1', `queue ${name} is missing`]
    for (const [key, value] of queue ? Object.entries(wanted) : [])
      if (queue?.arguments[key] !== value)
        yield ['B1', `queue ${name} has ${key}=${String(queue?.arguments[key])}, not ${value}`]
  }
  for (const { name } of queues) if (!expectedQueues().has(name)) yield ['B1', `queue ${name} belongs to nobody`]
}

function* ties(bindings: readonly Binding[]): Generator<Violation> {
  // every queue has one to the default exchange
  const ours = bindings.filter(({ source }) => source !== '')
  const found = new Set(ours.map(({ source, destination, routing_key }) => binding(source, destination, routing_key)))
  const wanted = expectedBindings()
  for (const one of wanted) if (!found.has(one)) yield ['B1', `binding ${one} is missing`]
  for (const one of found) if (!wanted.has(one)) yield ['B1', `binding ${one} is nobody's`]
}

function* readers(consumers: readonly Consumer[], { expectations }: AuditSources): Generator<Violation> {
  const counts = new Map<string, number>()
  // RabbitMQ 3.10 goes on listing the consumer of a queue that was deleted and declared again, without the channel that is gone
  const alive = consumers.filter(({ channel_details: channel }) => channel.name !== undefined)
  for (const { queue } of alive) counts.set(queue.name, (counts.get(queue.name) ?? 0) + 1)
  for (const service of services) {
    // auth-service hears nothing
    const instances = service === 'auth-service' ? 0 : (expectations?.instancesOf?.[service] ?? 1)
    const queues = [`${service}.events`, `${service}.dead`, ...(service === journalist ? [LOG_LINES] : [])]
    for (const queue of queues) {
      const count = counts.get(queue) ?? 0
      if (count !== instances) yield ['B1', `queue ${queue} has ${count} consumers, not ${instances}`]
    }
  }
}
