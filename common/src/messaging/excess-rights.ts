import { newId } from '../ids'
import { EVENTS_EXCHANGE } from './names'
import type { Channel, ChannelModel } from './rabbit-link'

/** What a service's user must not be allowed, tried in a way that harms nobody when it is. */
const FORBIDDEN: readonly [string, (channel: Channel) => Promise<unknown>][] = [
  ['may declare queues', (channel) => channel.assertQueue('', { exclusive: true, autoDelete: true })],
  ['may publish straight into queues', publishToNobody],
]

/** What the broker lets this user do beyond the manifest, as far as a user can find out without an administrator. */
export async function excessBrokerRights(model: ChannelModel): Promise<string[]> {
  const allowed: string[] = []
  for (const [right, attempt] of FORBIDDEN) if (await isAllowed(model, attempt)) allowed.push(right)
  return allowed
}

/** The broker answers a forbidden attempt by closing its channel, which nothing else uses. */
async function isAllowed(model: ChannelModel, attempt: (channel: Channel) => Promise<unknown>): Promise<boolean> {
  const channel = await model.createChannel()
  channel.on('error', () => {})
  try {
    await attempt(channel)
    await channel.close()
    return true
  } catch {
    return false
  }
}

/** A publish has no answer of its own; whatever is asked next on the channel has. */
async function publishToNobody(channel: Channel): Promise<void> {
  channel.publish('', newId(), Buffer.alloc(0))
  await channel.checkExchange(EVENTS_EXCHANGE)
}
