import { deadQueue, EVENTS_EXCHANGE, eventsQueue, segment, serviceNames } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { TestShop } from '../support/test-shop'

let shop: TestShop
let token: string
beforeAll(async () => {
  shop = await TestShop.open({ hasAccounts: true, isWatched: true })
  token = await shop.authority.admin()
}, 120_000)
afterAll(() => shop?.close(), 60_000)

interface Health {
  readonly isWell: boolean
  readonly problems: string[]
  readonly broker: { readonly isReachable: boolean; readonly differences: string[] }
  readonly services: { readonly service: string; readonly isReady: boolean; readonly unsent: number | null }[]
  readonly queues: { readonly name: string; readonly consumers: number }[]
}

const health = async (): Promise<Health> => {
  const { status, body } = await shop.ask<Health>('logger-service', '/health', { token })
  expect(status).toBe(200)
  return body
}
const until = (hold: (found: Health) => void) => eventually(async () => hold(await health()), 60_000)

test('a shop in which everything runs is well, and says who consumes what', async () => {
  await until((found) => expect(found.problems).toEqual([]))
  const { isWell, services, queues, broker } = await health()
  expect([isWell, broker]).toEqual([true, { isReachable: true, why: null, differences: [] }])
  expect(services.map(({ service }) => service)).toEqual(serviceNames)
  for (const one of services) {
    const instances = one.service === 'auth-service' ? null : 1
    expect(one).toMatchObject({ isReady: true, missing: [], instances, parked: 0, deadLetters: 0, unsent: 0 })
  }
  expect(queues.find(({ name }) => name === eventsQueue('order-service'))).toMatchObject({ consumers: 1, ready: 0 })
  expect(queues.map(({ name }) => name)).toContain(deadQueue('auth-service'))
})

test('customers are not told', async () => {
  const { token: adas } = await shop.customer()
  expect((await shop.ask('logger-service', '/health', { token: adas })).status).toBe(403)
  expect((await shop.ask('logger-service', '/health', { token: 'nobody' })).status).toBe(401)
})

test('a service that is away is named, and so is its queue', async () => {
  await shop.stop('payment-service')
  await until(({ isWell, problems, services }) => {
    expect(isWell).toBe(false)
    expect(problems).toEqual(['payment-service does not answer.', `Nobody consumes ${eventsQueue('payment-service')}.`])
    expect(services.find(({ service }) => service === 'payment-service')).toMatchObject({
      isReachable: false,
      isReady: false,
      unsent: null,
    })
  })
  await shop.start('payment-service')
  await until(({ problems }) => expect(problems).toEqual([]))
})

test('a binding that somebody removed is seen at once, and raises an alarm within half a minute', async () => {
  const { management, vhost } = shop.premises.broker
  const [queue, type] = [eventsQueue('mailer-service'), 'payment.refunded']
  const place = `/bindings/${segment(vhost)}/e/${segment(EVENTS_EXCHANGE)}/q/${segment(queue)}`
  await management.delete(`${place}/${segment(type)}`)
  const removedAtMs = Date.now()
  const missing = `binding ${EVENTS_EXCHANGE} → ${queue} on ${type} is missing`
  await until(({ broker, problems }) => {
    expect(broker.differences).toEqual([missing])
    expect(problems).toContain(`${missing}.`)
  })
  await until(({ problems }) => expect(problems).toContain('logger-service has raised 1 alarm since its start.'))
  expect(Date.now() - removedAtMs).toBeLessThan(30_000)
  const metrics = await (await fetch(`${shop.url('logger-service')}/metrics`)).text()
  expect(metrics).toMatch(/^saga_alarms_total\{[^}]*kind="topology"[^}]*\} 1$/m)
  await management.post(place, { routing_key: type, arguments: {} })
  await until(({ broker }) => expect(broker.differences).toEqual([]))
})

test('without the broker the rest is told, and that it is away', async () => {
  await shop.restart('logger-service', { SHOP_MANAGEMENT_URL: 'http://monitoring:wrong@127.0.0.1:1' })
  const { isWell, broker, problems, queues, services } = await health()
  expect([isWell, broker.isReachable, broker.differences, queues]).toEqual([false, false, [], []])
  expect(problems).toEqual([expect.stringMatching(/^Queues and consumers are not known: /)])
  expect(services[0]).toMatchObject({ isReady: true, instances: null, consumers: null, unsent: 0 })
})
