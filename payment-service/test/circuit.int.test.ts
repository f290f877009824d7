import { type Id, newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { Circuit } from '../src/provider/circuit'
import { cancelled, reserved } from './given'
import { type Instance, useWorld, type World } from './world'

// until a test says so the provider rests for ever
const FOR_EVER_MS = 3_600_000

let world: World
let circuit: Circuit
let service: Instance
useWorld((opened) => {
  world = opened.world
})
afterEach(async () => {
  circuit.close()
  await world.forgetPayments()
})

function serviceThatRests(restMs: number): void {
  circuit = new Circuit(world.provider, { restMs })
  service = world.instance(world.provider, { circuit })
}

/** Ten orders whose calls the provider refuses to hear. */
async function outage(): Promise<Id[]> {
  await world.fault({ mode: 'down' })
  const ids = Array.from({ length: 10 }, () => newId())
  await service.hear(...ids.map((orderId) => reserved({ orderId })))
  await service.worker.drain()
  expect(circuit.state).not.toBe('closed')
  return ids
}

test('while the provider is away orders wait: none fails, none is called about, and no attempt is counted', async () => {
  serviceThatRests(FOR_EVER_MS)
  const first = await outage()
  await world.fault({ mode: 'ok' })
  const later = newId()
  await service.hear(reserved({ orderId: later }))
  await service.worker.drain()
  expect(await world.payment(later)).toMatchObject({ state: 'charging', attempts: 0, last_error: 'circuit_open' })
  const { wait_s } = await world.payment(later)
  expect(wait_s).toBeLessThanOrEqual(1.2)

  for (let round = 0; round < 5; round++) {
    await world.timePasses()
    await service.sweep()
  }
  for (const orderId of [...first, later]) {
    expect((await world.payment(orderId)).state).toBe('charging')
    expect(await world.toldTypes(orderId)).toEqual([])
    expect(await world.movements(orderId)).toEqual([])
  }
  // sweeps leave them alone as well
  for (const orderId of first)
    expect(await world.payment(orderId)).toMatchObject({ attempts: 1, last_error: 'http_503' })
})

test('when it is back, all that waited are charged, once each', async () => {
  serviceThatRests(100)
  const ids = await outage()
  await world.fault({ mode: 'ok' })
  await eventually(async () => {
    await world.timePasses()
    await service.sweep()
    const states = await Promise.all(ids.map(async (orderId) => (await world.payment(orderId)).state))
    expect(new Set(states)).toEqual(new Set(['captured']))
  })
  expect(circuit.state).toBe('closed')
  for (const orderId of ids) {
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  }
})

test('while it is half open a sweep takes one order, and leaves the others where they are', async () => {
  serviceThatRests(100)
  const ids = await outage()
  await eventually(() => expect(circuit.state).toBe('half_open'))
  await world.timePasses()
  await service.sweep()
  const tried = await Promise.all(
    ids.map(async (orderId) => {
      const { attempts, last_error } = await world.payment(orderId)
      return `${attempts} ${last_error}`
    }),
  )
  expect(tried.toSorted()).toEqual([...Array(9).fill('1 http_503'), '2 http_503'])
})

test('an order that is cancelled meanwhile ends without a cent', async () => {
  serviceThatRests(100)
  const [orderId = ''] = await outage()
  await service.hear(cancelled({ orderId }))
  await world.fault({ mode: 'ok' })
  await eventually(async () => {
    await world.timePasses()
    await service.sweep()
    expect((await world.payment(orderId)).state).toBe('refunded')
  })
  expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
})
