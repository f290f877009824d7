import { newId, type ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { CONTENT_TYPE } from '../src/contracts/envelope'
import type { Bus, Delivery, DeliveryHandler, OutgoingMessage } from '../src/messaging/bus'

/** What the suite asks of a broker: order-service publishes, product-service hears `order.created` and nobody `order.paid`. */
export interface BusWorld {
  busOf(service: ServiceName): Bus
  /** Every connection is lost; each bus may connect again at once. */
  loseSessions(): Promise<void> | void
  goAway(): Promise<void> | void
  comeBack(): Promise<void> | void
  close(): Promise<void>
}

class Recorder implements DeliveryHandler {
  readonly deliveries: Delivery[] = []
  resets = 0
  isReady = true

  get unsettled(): number {
    return this.deliveries.length
  }
  get bodies(): string[] {
    return this.deliveries.map(({ body }) => body.toString())
  }
  deliver(delivery: Delivery): void {
    this.deliveries.push(delivery)
  }
  reset(): void {
    this.resets++
    this.deliveries.length = 0
  }
}

const message = (body: string, overrides: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  routingKey: 'order.created',
  contentType: CONTENT_TYPE.lone,
  messageId: newId(),
  body: Buffer.from(body),
  ...overrides,
})

/** What the pipeline relies on, whatever the broker. */
export function busConformance(name: string, createWorld: () => Promise<BusWorld>): void {
  describe(`${name} as a bus`, () => {
    let world: BusWorld
    let sender: Bus
    let receiver: Bus
    let recorder: Recorder

    beforeEach(async () => {
      world = await createWorld()
      sender = world.busOf('order-service')
      receiver = world.busOf('product-service')
      recorder = new Recorder()
      sender.start(undefined)
      receiver.start(recorder)
      await ready()
    })
    afterEach(() => world.close())

    const ready = () =>
      eventually(() => {
        if (!sender.canPublish || !receiver.canPublish || !receiver.isConsuming) throw new Error('not ready')
      })
    const publish = async (...bodies: string[]) => {
      for (const body of bodies) expect(await sender.publish(message(body))).toBe('confirmed')
    }
    const heard = (...bodies: string[]) => eventually(() => expect(recorder.bodies).toEqual(bodies))
    const loseSessions = async () => {
      const { resets } = recorder
      await world.loseSessions()
      await eventually(() => expect(recorder.resets).toBeGreaterThan(resets))
      await ready()
    }

    it('delivers in order', async () => {
      const bodies = Array.from({ length: 300 }, (_, index) => String(index))
      await Promise.all(bodies.map((body) => publish(body)))
      const all: string[] = []
      await eventually(() => {
        all.push(...recorder.bodies)
        recorder.deliveries.splice(0).at(-1)?.ackUpTo()
        expect(all).toEqual(bodies)
      })
    })

    it('delivers lone events and batches as they were sent, with their verified publisher', async () => {
      const lone = message('one')
      const batch = message('[many]', { contentType: CONTENT_TYPE.batch })
      for (const sent of [lone, batch]) await sender.publish(sent)
      await heard('one', '[many]')
      const common = { brokerUser: 'order-service', deliveryCount: 0, isBrokerDead: false, contentEncoding: undefined }
      for (const [index, sent] of [lone, batch].entries())
        expect(recorder.deliveries[index]).toMatchObject({ ...sent, ...common })
    })

    it('delivers what was not settled again after a lost session, and counts', async () => {
      await publish('a', 'b')
      await heard('a', 'b')
      for (const count of [1, 2]) {
        await loseSessions()
        await heard('a', 'b')
        expect(recorder.deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([count, count])
      }
    })

    it('settles up to a delivery and nothing after it', async () => {
      await publish('a', 'b', 'c', 'd')
      await heard('a', 'b', 'c', 'd')
      recorder.deliveries[1]?.ackUpTo()
      await publish('e') // the ack has no answer: what follows on the connection shows that it has arrived
      await eventually(() => expect(recorder.bodies).toContain('e'))
      await loseSessions()
      await heard('c', 'd', 'e')
    })

    it('lets an ack of a lost session have no effect', async () => {
      await publish('a', 'b')
      await heard('a', 'b')
      const stale = [...recorder.deliveries]
      await loseSessions()
      await heard('a', 'b')
      for (const delivery of stale) delivery.ackUpTo()
      await publish('c') // an ack has no answer: time for it to arrive
      await heard('a', 'b', 'c')
      await loseSessions()
      await heard('a', 'b', 'c')
    })

    it('gives back on request, and delivers again only when it is wanted', async () => {
      await publish('a', 'b')
      await heard('a', 'b')
      recorder.isReady = false
      recorder.deliveries[0]?.giveBack('held for too long')
      await eventually(() => expect(recorder.resets).toBe(1))
      await eventually(() => expect(sender.canPublish).toBe(true))
      await publish('c')
      // longer than any bus takes to connect again
      const until = performance.now() + 500
      await eventually(() => {
        if (performance.now() < until) throw new Error('too early to tell')
        expect(receiver.canPublish).toBe(true)
      })
      expect(recorder.bodies).toEqual([])
      expect(receiver.isConsuming).toBe(false)
      recorder.isReady = true
      await heard('a', 'b', 'c')
      expect(recorder.deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 1, 0])
    })

    it('says whether anybody wanted a message', async () => {
      expect(await sender.publish(message('x'))).toBe('confirmed')
      expect(await sender.publish(message('x', { routingKey: 'order.paid' }))).toBe('unroutable')
      const many = Array.from({ length: 50 }, (_, n) => message('x', n % 2 ? { routingKey: 'order.paid' } : {}))
      const confirmations = await Promise.all(many.map((one) => sender.publish(one)))
      expect(confirmations).toEqual(many.map((_, n) => (n % 2 ? 'unroutable' : 'confirmed')))
    })

    it("refuses another service's event type, and goes on", async () => {
      await expect(receiver.publish(message('forged'))).rejects.toThrow('publish')
      await ready()
      await publish('genuine')
      await heard('genuine')
    })

    it('rejects publishing while the broker is away, and resumes both ways', async () => {
      await publish('before')
      await heard('before')
      await world.goAway()
      await eventually(() => expect(sender.canPublish || receiver.isConsuming).toBe(false))
      await expect(sender.publish(message('lost'))).rejects.toThrow('publish')
      expect(sender.trouble).toBeDefined()
      await world.comeBack()
      await ready()
      expect(sender.trouble).toBeUndefined()
      await publish('after')
      await heard('before', 'after')
    })

    it('stops delivering, while what was delivered can still be settled', async () => {
      await publish('a', 'b')
      await heard('a', 'b')
      await receiver.stopConsuming()
      await publish('c')
      recorder.deliveries[0]?.ackUpTo()
      await receiver.close()
      expect(recorder.bodies).not.toContain('c')
      const next = new Recorder()
      world.busOf('product-service').start(next)
      await eventually(() => expect(next.bodies).toEqual(['b', 'c']))
    })
  })
}
