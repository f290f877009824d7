import type { Instance } from './instance'
import { start, stop } from './lifecycle'
import { mail, provider } from './outside-world'
import { postgres } from './postgres'
import type { Stopping } from './processes'
import { rabbitmq, startRabbitMq, stopRabbitMq } from './rabbitmq'
import { redis, startRedis, stopRedis } from './redis'
import type { Server } from './server'

export interface Managed {
  server: Server
  start(instance: Instance): Promise<{ wasRunning: boolean }>
  stop(instance: Instance, stopping?: Stopping): Promise<void>
}

export const alone = (server: Server): Managed => ({
  server,
  start: (instance) => start(server, instance),
  stop: (instance, stopping) => stop(server, instance, stopping),
})

export const allServers: Managed[] = [
  alone(postgres),
  { server: rabbitmq, start: startRabbitMq, stop: stopRabbitMq },
  { server: redis, start: startRedis, stop: stopRedis },
  alone(mail),
  alone(provider),
]

export const withoutBroker = allServers.filter(({ server }) => server !== rabbitmq)
