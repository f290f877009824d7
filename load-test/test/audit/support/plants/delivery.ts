import { segment } from '@order-saga/common'
import { add, type Scene } from '../scene'
import { NOBODY, type Plant } from './plant'

const broker = ({ shop }: Scene) => {
  const { management, vhost } = shop.premises.broker
  return { management, vhost: segment(vhost) }
}
const publish = (scene: Scene, exchange: string, routing_key: string) => {
  const { management, vhost } = broker(scene)
  const message = { properties: { message_id: NOBODY }, routing_key, payload: 'poison', payload_encoding: 'string' }
  return management.post(`/exchanges/${vhost}/${exchange}/publish`, message)
}

export const delivery: Plant[] = [
  {
    name: 'there is a dead letter',
    breaks: ['D1'],
    says: () => `cart-service: dead letter ${NOBODY}`,
    plant: async (scene) => {
      await publish(scene, 'shop.dead', 'cart-service')
      return () => scene.shop.premises.query('cart-service', 'DELETE FROM dead_letters')
    },
  },
  {
    name: 'a poison has vanished',
    breaks: ['D1'],
    says: () => `cart-service: the poison ${NOBODY} is no dead letter (malformed)`,
    expectations: () => ({ injectedPoisons: [{ service: 'cart-service', id: NOBODY, reason: 'malformed' }] }),
  },
  {
    name: 'a poison is dead for another reason',
    breaks: ['D1'],
    says: () => 'should be dead as forged',
    plant: (scene) =>
      add(scene, 'cart-service', 'dead_letters', {
        id: `'${NOBODY}'`,
        event_id: `'${NOBODY}'`,
        reason: `'schema'`,
        error: `''`,
        attempts: '1',
      }),
    expectations: () => ({ injectedPoisons: [{ service: 'cart-service', id: NOBODY, reason: 'forged' }] }),
  },
  {
    name: 'a binding is removed',
    breaks: ['B1'],
    says: () => 'binding shop.events → mailer-service.events on order.paid is missing',
    plant: async (scene) => {
      const { management, vhost } = broker(scene)
      const path = `/bindings/${vhost}/e/shop.events/q/mailer-service.events`
      await management.delete(`${path}/order.paid`)
      return () => management.post(path, { routing_key: 'order.paid', arguments: {} })
    },
  },
  {
    name: 'a message is left in a queue',
    breaks: ['B1'],
    says: () => 'queue leftovers has 1 messages ready',
    plant: async (scene) => {
      const { management, vhost } = broker(scene)
      await management.put(`/queues/${vhost}/leftovers`, { durable: true })
      await publish(scene, 'amq.default', 'leftovers')
      return () => management.delete(`/queues/${vhost}/leftovers`)
    },
  },
  {
    name: 'an instance does not consume',
    breaks: ['B1'],
    says: () => 'queue cart-service.events has 1 consumers, not 2',
    expectations: () => ({ instancesOf: { 'cart-service': 2 } }),
  },
]
