import { manifestOf, newId, type Participant } from '@order-saga/common'
import { eventually, InMemoryBroker } from '@order-saga/common/testing'
import type { Bus, Delivery } from '../src/messaging/bus'
import { busConformance } from './bus-conformance'

const participants: Participant[] = [
  { service: 'order-service', reacts: [], migrations: [] },
  { service: 'product-service', reacts: ['order.created'], migrations: [] },
]
const manifest = manifestOf(participants)

busConformance('the broker in memory', async () => {
  const broker = new InMemoryBroker(manifest)
  const buses: Bus[] = []
  return {
    busOf: (service) => {
      const bus = broker.busOf(service)
      buses.push(bus)
      return bus
    },
    loseSessions: () => {
      broker.goAway()
      broker.comeBack()
    },
    goAway: () => broker.goAway(),
    comeBack: () => broker.comeBack(),
    close: async () => {
      for (const bus of buses) await bus.close()
    },
  }
})

describe('the broker in memory makes trouble on demand', () => {
  async function play(options: ConstructorParameters<typeof InMemoryBroker>[1]): Promise<string[]> {
    const broker = new InMemoryBroker(manifest, options)
    const heard: string[] = []
    const deliver = (delivery: Delivery) => {
      heard.push(delivery.body.toString())
      delivery.ackUpTo()
    }
    const sender = broker.busOf('order-service')
    const receiver = broker.busOf('product-service')
    sender.start(undefined)
    receiver.start({ deliver, reset: () => {}, unsettled: 0, isReady: true })
    for (let n = 0; n < 50; n++) {
      const message = { routingKey: 'order.created', contentType: 'x', messageId: newId(), body: Buffer.from(`${n}`) }
      await sender.publish(message)
    }
    await broker.idle()
    return heard
  }
  const inOrder = Array.from({ length: 50 }, (_, n) => `${n}`)

  it('duplicates', async () => {
    const heard = await play({ seed: 7, duplicates: 0.5 })
    expect(heard.length).toBeGreaterThan(60)
    expect([...new Set(heard)]).toEqual(inOrder)
  })

  it('reorders, the same way for the same seed', async () => {
    const heard = await play({ seed: 7, reach: 10 })
    expect(heard).not.toEqual(inOrder)
    expect(heard.toSorted((a, b) => Number(a) - Number(b))).toEqual(inOrder)
    expect(await play({ seed: 7, reach: 10 })).toEqual(heard)
    expect(await play({ seed: 8, reach: 10 })).not.toEqual(heard)
  })

  it('holds back and releases', async () => {
    const broker = new InMemoryBroker(manifest)
    const deliver = jest.fn((delivery: Delivery) => delivery.ackUpTo())
    const sender = broker.busOf('order-service')
    sender.start(undefined)
    broker.busOf('product-service').start({ deliver, reset: () => {}, unsettled: 0, isReady: true })
    broker.holdBack()
    await sender.publish({ routingKey: 'order.created', contentType: 'x', messageId: newId(), body: Buffer.from('x') })
    await new Promise(setImmediate)
    expect(deliver).not.toHaveBeenCalled()
    broker.release()
    await eventually(() => expect(deliver).toHaveBeenCalledTimes(1))
  })
})
