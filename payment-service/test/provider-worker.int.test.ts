import { type Id, newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { askProvider } from '../src/provider/ask-provider'
import type { Provider } from '../src/provider/provider'
import { recordAnswers } from '../src/use-cases/record-answers'
import { MAX_IN_FLIGHT } from '../src/worker/provider-worker'
import { cancelled, reserved } from './given'
import { type Instance, useWorld, type World } from './world'

let world: World
let service: Instance
let impatient: Instance
let orderId: Id

useWorld((opened) => {
  ;({ world, service, impatient } = opened)
})
beforeEach(() => {
  orderId = newId()
})
// a sweep takes whatever is due, also what an earlier test left
afterEach(() => world.forgetPayments())

const charge = (facts = {}) => reserved({ orderId, ...facts })
const state = async () => (await world.payment(orderId)).state
const never = () => new Promise<never>(() => {})

/** The provider, and how often each of its methods was called. */
function watched(provider: Provider) {
  const calls = { charge: 0, refund: 0, find: 0 }
  const counted = (name: keyof Provider) => {
    calls[name]++
    return provider
  }
  const watcher: Provider = {
    charge: (request) => counted('charge').charge(request),
    refund: (request) => counted('refund').refund(request),
    find: (id) => counted('find').find(id),
  }
  return { watcher, calls }
}

/** The provider behind a gate: charges wait until it opens. */
function gated(provider: Provider) {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const seen = { inFlight: 0, highest: 0 }
  const gate: Provider = {
    find: (id) => provider.find(id),
    refund: (request) => provider.refund(request),
    charge: async (request) => {
      seen.highest = Math.max(seen.highest, ++seen.inFlight)
      await opened
      seen.inFlight--
      return provider.charge(request)
    },
  }
  return { gate, seen, open: () => open() }
}

describe('an outcome that is unknown', () => {
  test('is asked for again under the same key after 1, 2, 4 … 60 s', async () => {
    for (const [index, expectedS] of [1, 2, 4, 8, 16, 32, 60, 60, 60].entries()) {
      const beganMs = performance.now()
      if (index === 0) await service.hear(charge({ paymentToken: 'tok_providerDown' }))
      else await world.timePasses()
      await service.sweep()
      const leftS = (await world.payment(orderId)).wait_s
      // it has been waiting since some moment after the beginning
      expect(leftS).toBeLessThanOrEqual(expectedS * 1.2)
      expect(leftS + (performance.now() - beganMs) / 1000).toBeGreaterThanOrEqual(expectedS * 0.8)
    }
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', attempts: 9 })
    expect(await world.toldTypes(orderId)).toEqual([])
  })

  test.each([
    ['down', 'http_503'],
    ['timeout-before', 'timeout'],
    ['timeout-after', 'timeout'],
    ['error-after', 'http_500'],
  ])('by a provider that is %s is neither failed nor charged twice', async (mode, why) => {
    await world.fault({ mode, count: 1 })
    await impatient.hear(charge())
    await impatient.worker.drain()
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', last_error: why })
    await world.timePasses()
    await impatient.sweep()
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  })

  test('is looked up before it is asked for again', async () => {
    const { watcher, calls } = watched(world.silentProvider)
    const other = world.instance(watcher)
    await other.hear(charge({ paymentToken: 'tok_timeoutAfterCharge' }))
    await other.worker.drain()
    expect(calls).toEqual({ charge: 1, refund: 0, find: 0 })
    await world.timePasses()
    await other.sweep()
    expect(calls).toEqual({ charge: 1, refund: 0, find: 1 })
    expect(await state()).toBe('captured')
  })

  test('that cannot be looked up is left alone', async () => {
    const { watcher, calls } = watched(world.provider)
    const other = world.instance(watcher)
    await world.fault({ mode: 'down', count: 2 })
    await other.hear(charge())
    await other.worker.drain()
    await world.timePasses()
    await other.sweep()
    expect(calls).toEqual({ charge: 1, refund: 0, find: 1 })
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', last_error: 'http_503', attempts: 2 })
  })

  test('by a provider that executes late is captured at most once (R12)', async () => {
    await impatient.hear(charge({ paymentToken: 'tok_executesLate' }))
    await impatient.worker.drain()
    await world.timePasses()
    await impatient.sweep()
    // the provider is still at it: nothing is decided
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', last_error: 'http_409' })
    await eventually(async () => {
      await world.timePasses()
      await impatient.sweep()
      expect(await state()).toBe('captured')
    })
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
  })
})

describe('a key the provider may have forgotten (R13)', () => {
  test('is never sent again: the charge is found by its order', async () => {
    await impatient.hear(charge({ paymentToken: 'tok_timeoutAfterCharge' }))
    await impatient.worker.drain()
    await world.fault({ forgetKeys: true })
    await world.hoursPassSinceFirstCall(orderId, 24)
    await service.sweep()
    expect(await state()).toBe('captured')
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  })

  test('is never sent again: with nothing on record a person has to look', async () => {
    const { watcher, calls } = watched(world.provider)
    const other = world.instance(watcher)
    await world.fault({ mode: 'down', count: 1 })
    await other.hear(charge())
    await other.worker.drain()
    await world.hoursPassSinceFirstCall(orderId, 24)
    await other.sweep()
    expect(calls).toEqual({ charge: 1, refund: 0, find: 1 })
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', needs_attention: 'outcome_unknown' })
    expect(await world.ledger(orderId)).toEqual([])
    expect((await other.providerMetrics.alarms.get()).values).toMatchObject([
      { labels: { reason: 'outcome_unknown' }, value: 1 },
    ])
    // it goes on looking, and never on calling
    await world.hoursPassSinceFirstCall(orderId, 48)
    await other.sweep()
    expect(calls).toEqual({ charge: 1, refund: 0, find: 2 })
  })

  test('is still good after 22 hours', async () => {
    await world.fault({ mode: 'down', count: 1 })
    await service.hear(charge())
    await service.worker.drain()
    await world.hoursPassSinceFirstCall(orderId, 22)
    await service.sweep()
    expect(await state()).toBe('captured')
  })

  test('of a refund is not sent again either', async () => {
    await impatient.hear(charge())
    await impatient.worker.drain()
    await world.fault({ mode: 'timeout-after', count: 1 })
    await impatient.hear(cancelled({ orderId }))
    await impatient.worker.drain()
    await world.fault({ forgetKeys: true })
    await world.hoursPassSinceFirstCall(orderId, 24)
    await impatient.sweep()
    expect(await state()).toBe('refunded')
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
  })
})

describe('a refund whose answer got lost (R14)', () => {
  test.each(['timeout-before', 'timeout-after', 'error-after', 'down'])('%s is paid out once', async (mode) => {
    await impatient.hear(charge())
    await impatient.worker.drain()
    await world.fault({ mode, count: 1 })
    await impatient.hear(cancelled({ orderId }))
    await impatient.worker.drain()
    expect(await state()).toBe('refunding')
    await world.timePasses()
    await impatient.sweep()
    expect(await state()).toBe('refunded')
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded', 'payment.refunded'])
  })
})

describe('a process that is killed', () => {
  // what reaches the provider before the process is gone
  const points = [
    ['before it calls the provider (X0, Y0)', false],
    ['when the provider has executed (X1, Y1)', true],
  ] as const

  const doomed = (executes: boolean): Instance => {
    const real = world.provider
    if (!executes) return world.doomed()
    return world.doomed({
      charge: (request) => real.charge(request).then(never),
      refund: (request) => real.refund(request).then(never),
    })
  }

  const isKilled = (instance: Instance, call: 'charge' | 'refund', executes: boolean) =>
    eventually(async () => {
      expect(instance.calls.at(-1)?.kind).toBe(call)
      expect((await world.ledger(orderId)).filter(({ type }) => type === call)).toHaveLength(executes ? 1 : 0)
    })

  const askOnly = async ({ calls }: Instance) => askProvider(world.provider, at(calls, calls.length - 1))

  test.each(points)('%s leaves a charge that is made once', async (_point, executes) => {
    const killed = doomed(executes)
    await killed.hear(charge())
    await isKilled(killed, 'charge', executes)
    await service.sweep()
    // its lease still runs
    expect(await state()).toBe('charging')
    await world.timePasses()
    await service.sweep()
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
  })

  test.each(points)('%s leaves a refund that is made once', async (_point, executes) => {
    await service.hear(charge())
    await service.worker.drain()
    const killed = doomed(executes)
    await killed.hear(cancelled({ orderId }))
    await isKilled(killed, 'refund', executes)
    await world.timePasses()
    await service.sweep()
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded', 'payment.refunded'])
  })

  test('when it knows the answer and has not recorded it leaves money that moved once (X2, Y2)', async () => {
    const killed = world.instance(world.provider, { isCalling: false })
    await killed.hear(charge())
    expect(await askOnly(killed)).toMatchObject({ kind: 'succeeded' })
    await world.timePasses()
    await service.sweep()
    await killed.hear(cancelled({ orderId }))
    expect(await askOnly(killed)).toMatchObject({ kind: 'refunded' })
    await world.timePasses()
    await service.sweep()
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded', 'payment.refunded'])
  })

  test('before the commit of the answer leaves nothing half recorded', async () => {
    const killed = world.instance(world.provider, { isCalling: false })
    await killed.hear(charge())
    const answered = { orderId, call: 'charge', answer: await askOnly(killed) } as const
    const crash = killed.database.transaction(async (tx) => {
      await recordAnswers(tx, killed.payments, [answered], newId)
      throw new Error('killed')
    })
    await expect(crash).rejects.toThrow('killed')
    expect(await state()).toBe('charging')
    expect(await world.toldTypes(orderId)).toEqual([])
    await killed.record(answered)
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
  })
})

describe('two processes on one database', () => {
  test('never call for one payment at the same time, and never charge twice', async () => {
    const { watcher, calls } = watched(world.provider)
    const instances = [service, world.instance(watcher), world.instance(watcher)]
    const ids = Array.from({ length: 60 }, newId)
    const seller = world.instance(world.provider, { isCalling: false })
    await seller.hear(...ids.map((id) => reserved({ orderId: id })))
    await world.timePasses()
    await Promise.all(instances.map((instance) => instance.sweep()))
    for (const id of ids) {
      expect(await world.movements(id)).toEqual(['charge 6980'])
      expect(await world.toldTypes(id)).toEqual(['payment.succeeded'])
      expect(await world.payment(id)).toMatchObject({ attempts: 2 })
    }
    expect(calls.charge).toBeLessThanOrEqual(60)
  })

  test('that both got through to the provider charge once and tell it once', async () => {
    const one = world.instance(world.provider, { isCalling: false })
    await one.hear(charge())
    const ask = () => askProvider(world.provider, at(one.calls, 0))
    const [first, second] = await Promise.all([ask(), ask()])
    await Promise.all([
      one.record({ orderId, call: 'charge', answer: first }),
      service.record({ orderId, call: 'charge', answer: second }),
    ])
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
    expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
  })

  test('do not disturb what the other learned meanwhile', async () => {
    await service.hear(charge())
    await service.worker.drain()
    // the refund is another process's now
    await world.instance(world.provider, { isCalling: false }).hear(cancelled({ orderId }))
    await service.record(
      { orderId, call: 'charge', answer: { kind: 'unknown', why: 'timeout' } },
      { orderId, call: 'charge', answer: { kind: 'forgotten' } },
    )
    const payment = await world.payment(orderId)
    expect(payment).toMatchObject({ state: 'refunding', needs_attention: null, last_error: null })
    expect(payment.wait_s).toBeGreaterThan(5)
  })
})

test('an answer that finds the database away is recorded when it is back', async () => {
  const { gate, seen, open } = gated(world.provider)
  const other = world.instance(gate)
  await other.hear(charge())
  await eventually(() => expect(seen.inFlight).toBe(1))
  await world.databaseGoesAway()
  open()
  await eventually(async () => expect(await world.movements(orderId)).toEqual(['charge 6980']))
  await eventually(async () => expect(other.database.pool.totalCount).toBe(0))
  await world.databaseComesBack()
  // nobody sweeps: the answer was kept
  await other.worker.drain()
  expect(await state()).toBe('captured')
  expect(await world.toldTypes(orderId)).toEqual(['payment.succeeded'])
})

describe('many payments at once', () => {
  const idleInTransaction = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'`

  test('are called up to the bound, outside of any transaction', async () => {
    const { gate, seen, open } = gated(world.provider)
    const busy = world.instance(gate, { leaseMs: 60_000 })
    const ids = Array.from({ length: 150 }, newId)
    await busy.hear(...ids.map((id) => reserved({ orderId: id })))
    await eventually(() => expect(seen.inFlight).toBe(MAX_IN_FLIGHT))
    expect((await busy.database.pool.query(idleInTransaction)).rows).toEqual([{ n: 0 }])
    open()
    await busy.worker.drain()
    expect(seen.highest).toBe(MAX_IN_FLIGHT)
    for (const id of ids) expect(await world.toldTypes(id)).toEqual(['payment.succeeded'])
  })

  test('whose turn comes after their lease are left to whoever sweeps next', async () => {
    const { gate, seen, open } = gated(world.provider)
    const busy = world.instance(gate, { leaseMs: 20 })
    const ids = Array.from({ length: MAX_IN_FLIGHT + 1 }, newId)
    await busy.hear(...ids.map((id) => reserved({ orderId: id })))
    await eventually(() => expect(seen.inFlight).toBe(MAX_IN_FLIGHT))
    await eventually(async () => expect((await world.payment(at(ids, MAX_IN_FLIGHT))).wait_s).toBeLessThan(0))
    open()
    await busy.worker.drain()
    expect(await world.ledger(at(ids, MAX_IN_FLIGHT))).toEqual([])
    await service.sweep()
    for (const id of ids) expect(await world.movements(id)).toEqual(['charge 6980'])
  })
})

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`no item ${index}`)
  return item
}
