import type { Participant } from '@order-saga/common'
import { silent } from '@order-saga/common'
import { servers, TcpProxy, testBroker } from '@order-saga/common/testing'
import { RabbitBus } from '../src/messaging/rabbit-bus'
import { busConformance } from './bus-conformance'

const participants: Participant[] = [
  { service: 'order-service', reacts: [], migrations: [] },
  { service: 'product-service', reacts: ['order.created'], migrations: [] },
]

busConformance('RabbitMQ', async () => {
  const broker = await testBroker(participants)
  const [host = '', port] = servers.amqpAddress.split(':')
  const proxy = await TcpProxy.to(host, Number(port))
  const buses: RabbitBus[] = []
  return {
    busOf: (service) => {
      const url = proxy.through(broker.urlOf(service))
      const bus = new RabbitBus({ service, url, heartbeatS: 5, log: silent })
      buses.push(bus)
      return bus
    },
    loseSessions: () => proxy.reset(),
    goAway: async () => {
      await proxy.refuse()
      proxy.reset()
    },
    comeBack: () => proxy.accept(),
    close: async () => {
      await Promise.all(buses.map((bus) => bus.close()))
      await proxy.close()
      await broker.drop()
    },
  }
})
