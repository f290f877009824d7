import { type Id, newId, StaleWrite } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { absentPayment, recordAnswer } from '../src/domain'
import { cancelled, paid, reserved } from './given'
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

const eventsTold = () => world.toldTypes(orderId)

describe('an order that is reserved', () => {
  test('is charged exactly its total, and that is told', async () => {
    const event = reserved({ orderId, totalMinor: 12_345 })
    await service.hear(event)
    await service.worker.drain()
    expect(await world.movements(orderId)).toEqual(['charge 12345'])
    expect(await world.told(orderId)).toMatchObject([
      {
        type: 'payment.succeeded',
        correlationid: event.correlationid,
        causationid: event.id,
        data: { orderId, totalMinor: 12_345 },
      },
    ])
    expect(await world.payment(orderId)).toMatchObject({ state: 'captured', total_minor: '12345', payment_token: null })
  })

  test('and whose card is refused is told as failed, with the reason', async () => {
    await service.hear(reserved({ orderId, paymentToken: 'tok_chargeDeclinedInsufficientFunds' }))
    await service.worker.drain()
    expect(await world.told(orderId)).toMatchObject([
      { type: 'payment.failed', data: { reason: 'insufficient_funds' } },
    ])
    expect(await world.movements(orderId)).toEqual(['decline 6980'])
  })

  test('is never called as failed while the provider is away', async () => {
    await service.hear(reserved({ orderId, paymentToken: 'tok_providerDown' }))
    await service.worker.drain()
    expect(await eventsTold()).toEqual([])
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', last_error: 'http_503' })
  })
})

describe('the same event again', () => {
  test.each([1, 100])('%i duplicates of the reservation charge once', async (times) => {
    const event = reserved({ orderId })
    await service.hear(...Array.from({ length: times }, () => event))
    await service.hear(event)
    await service.worker.drain()
    await service.hear(event)
    await service.worker.drain()
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
    expect(await eventsTold()).toEqual(['payment.succeeded'])
  })

  test('a repeat of the reservation is answered by repeating the answer, under a new id', async () => {
    const first = reserved({ orderId })
    await service.hear(first)
    await service.worker.drain()
    const question = reserved({ orderId })
    await service.hear(question)
    await service.worker.drain()
    const [answer, again] = await world.told(orderId)
    expect(again).toMatchObject({ type: 'payment.succeeded', repeats: answer?.id, causationid: question.id })
    expect(again?.data).toEqual(answer?.data)
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  })

  test('a repeat of the reservation after a refusal repeats the refusal', async () => {
    await service.hear(reserved({ orderId, paymentToken: 'tok_chargeDeclinedExpiredCard' }))
    await service.worker.drain()
    await service.hear(reserved({ orderId, paymentToken: 'tok_visa' }))
    await service.worker.drain()
    const [answer, again] = await world.told(orderId)
    expect(again).toMatchObject({ type: 'payment.failed', repeats: answer?.id, data: { reason: 'card_expired' } })
    expect(await world.movements(orderId)).toEqual(['decline 6980'])
  })

  test('duplicates and repeats of the verdict settle once', async () => {
    await service.hear(reserved({ orderId }))
    await service.worker.drain()
    const verdict = paid({ orderId })
    await service.hear(verdict, verdict)
    await service.hear(verdict)
    await service.hear(paid({ orderId }))
    expect(await world.payment(orderId)).toMatchObject({ state: 'settled', cause_id: verdict.id })
    expect(await eventsTold()).toEqual(['payment.succeeded'])
  })

  test('duplicates and repeats of the cancellation refund once, and the answer is repeated', async () => {
    await service.hear(reserved({ orderId }))
    await service.worker.drain()
    const verdict = cancelled({ orderId })
    await service.hear(verdict, verdict)
    await service.worker.drain()
    await service.hear(verdict)
    await service.hear(cancelled({ orderId }))
    await service.worker.drain()
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await eventsTold()).toEqual(['payment.succeeded', 'payment.refunded', 'payment.refunded again'])
  })
})

describe('an order that is cancelled', () => {
  test('before its reservation was heard of is never charged (R4)', async () => {
    await service.hear(cancelled({ orderId }))
    await service.hear(reserved({ orderId }))
    await service.worker.drain()
    await service.sweep()
    expect(await world.payment(orderId)).toMatchObject({ state: 'voided', attempts: 0 })
    expect(await world.ledger(orderId)).toEqual([])
    expect(await eventsTold()).toEqual([])
  })

  test('before its reservation, both in one batch, is never charged (R4)', async () => {
    await service.hear(cancelled({ orderId }), reserved({ orderId }))
    await service.worker.drain()
    expect(await world.ledger(orderId)).toEqual([])
  })

  test('while it is charged gets its money back as soon as the charge is known (R5)', async () => {
    await impatient.hear(reserved({ orderId, paymentToken: 'tok_timeoutAfterCharge' }))
    await impatient.hear(cancelled({ orderId }))
    await impatient.worker.drain()
    expect(await world.payment(orderId)).toMatchObject({ state: 'charging', cancel: true })
    await world.timePasses()
    await impatient.sweep()
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await eventsTold()).toEqual(['payment.refunded'])
    expect(await world.payment(orderId)).toMatchObject({ state: 'refunded', refund_by: 'cancellation' })
  })

  test('while it is charged and the card is refused owes nothing (R5, R7)', async () => {
    await service.hear(reserved({ orderId, paymentToken: 'tok_chargeDeclined' }), cancelled({ orderId }))
    await service.worker.drain()
    expect(await world.payment(orderId)).toMatchObject({ state: 'voided' })
    expect(await eventsTold()).toEqual([])
  })

  test('when its charge had failed stays failed (R7)', async () => {
    await service.hear(reserved({ orderId, paymentToken: 'tok_chargeDeclined' }))
    await service.worker.drain()
    await service.hear(cancelled({ orderId }))
    expect(await world.payment(orderId)).toMatchObject({ state: 'failed', reason: 'declined' })
    expect(await eventsTold()).toEqual(['payment.failed'])
  })

  test('gets back what a provider captured long after everybody gave up: one capture, one refund (R6)', async () => {
    await impatient.hear(reserved({ orderId, paymentToken: 'tok_executesLate' }))
    await impatient.worker.drain()
    await impatient.hear(cancelled({ orderId }))
    await eventually(async () => {
      await world.timePasses()
      await impatient.sweep()
      expect(await world.payment(orderId)).toMatchObject({ state: 'refunded' })
    })
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
    expect(await eventsTold()).toEqual(['payment.refunded'])
  })

  test('by a service that was away meanwhile ends with net zero (R11)', async () => {
    await service.hear(reserved({ orderId }), cancelled({ orderId }))
    await service.worker.drain()
    expect(await world.movements(orderId)).toEqual(['charge 6980', 'refund 6980'])
  })
})

describe('what cannot happen', () => {
  const alarms = async () => (await service.metrics.events.get()).values.filter((v) => v.labels.outcome === 'alarm')

  test.each([
    ['paid without a payment', () => [paid({ orderId })]],
    ['paid while charging', () => [reserved({ orderId, paymentToken: 'tok_providerDown' }), paid({ orderId })]],
    ['paid after a tombstone', () => [cancelled({ orderId }), paid({ orderId })]],
  ])('%s is an alarm, and the event waits', async (_what, events) => {
    const before = (await alarms()).length
    await service.hear(...events())
    expect((await alarms()).length).toBeGreaterThan(before)
    const parked = await service.database.pool.query(`SELECT type FROM parked WHERE envelope ->> 'subject' = $1`, [
      orderId,
    ])
    expect(parked.rows).toEqual([{ type: 'order.paid' }])
    expect(await eventsTold()).toEqual([])
  })

  test('cancelled after paid keeps the money where it is', async () => {
    await service.hear(reserved({ orderId }))
    await service.worker.drain()
    await service.hear(paid({ orderId }))
    await service.hear(cancelled({ orderId }))
    expect(await world.payment(orderId)).toMatchObject({ state: 'settled' })
    expect(await world.movements(orderId)).toEqual(['charge 6980'])
  })

  test('money that comes after a refusal goes back, and a person hears of it', async () => {
    await service.hear(reserved({ orderId, paymentToken: 'tok_chargeDeclined' }))
    await service.worker.drain()
    const oddities = await service.record({
      orderId,
      call: 'charge',
      answer: { kind: 'succeeded', chargeId: 'ch_odd' },
    })
    expect(oddities).toEqual([{ orderId, reason: 'captured_after_verdict' }])
    expect(await world.payment(orderId)).toMatchObject({
      state: 'refunding',
      needs_attention: 'captured_after_verdict',
    })
  })
})

describe('an overdue payment', () => {
  test('asks for the verdict, then less and less often, until it is known', async () => {
    await service.hear(reserved({ orderId }))
    await service.worker.drain()
    expect(await service.askOverdue()).toBe(0)
    const waits: number[] = []
    for (let ask = 1; ask <= 7; ask++) {
      await world.deadlineAndGracePass()
      await service.askOverdue()
      const next = 'SELECT extract(epoch FROM next_ask_at - now())::float8 AS s FROM payments WHERE order_id = $1'
      const { rows } = await service.database.pool.query(next, [orderId])
      waits.push(Math.round(rows[0].s))
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60])
    const asked = await world.told(orderId)
    expect(asked.slice(1).map(({ type }) => type)).toEqual(Array(7).fill('payment.overdue'))
    expect(new Set(asked.map(({ id }) => id)).size).toBe(8)
    await service.hear(paid({ orderId }))
    await world.deadlineAndGracePass()
    await service.askOverdue()
    expect(await world.told(orderId)).toHaveLength(8)
  })

  test('asks only after deadline and grace', async () => {
    await service.hear(reserved({ orderId, deadlineAt: new Date(Date.now() - 500).toISOString() }))
    await service.worker.drain()
    await service.askOverdue()
    expect(await eventsTold()).toEqual(['payment.succeeded'])
    const late = newId()
    await service.hear(reserved({ orderId: late, deadlineAt: new Date(Date.now() - 60_000).toISOString() }))
    await service.worker.drain()
    await service.askOverdue()
    expect(await world.toldTypes(late)).toEqual(['payment.succeeded', 'payment.overdue'])
  })
})

test('a decision about a state that is gone by now is not written', async () => {
  await service.hear(reserved({ orderId, paymentToken: 'tok_providerDown' }))
  await service.worker.drain()
  const { database, payments } = service
  const stale = await database.transaction((tx) => payments.lock(tx, [orderId]))
  await service.hear(cancelled({ orderId }))
  const answer = { kind: 'succeeded', chargeId: 'ch_1' } as const
  stale.decide(orderId, stale.causeOf(orderId), (payment = absentPayment) => recordAnswer(payment, answer, newId))
  await expect(database.transaction((tx) => payments.close(tx, stale))).rejects.toThrow(StaleWrite)
  expect(await world.payment(orderId)).toMatchObject({ state: 'charging', cancel: true, charge_id: null })
  expect((await world.transitions(orderId)).map(({ step }) => step)).toEqual([
    'absent → charging',
    'charging → charging',
  ])
})

describe('every step of a payment', () => {
  test('is on record with what caused it', async () => {
    const events = [reserved({ orderId }), cancelled({ orderId })] as const
    await service.hear(events[0])
    await service.worker.drain()
    await service.hear(events[1])
    await service.worker.drain()
    expect(await world.transitions(orderId)).toEqual([
      { step: 'absent → charging', cause: events[0].id },
      { step: 'charging → captured', cause: 'provider' },
      { step: 'captured → refunding', cause: events[1].id },
      { step: 'refunding → refunded', cause: 'provider' },
    ])
    const told = await world.told(orderId)
    expect(told.map(({ causationid }) => causationid)).toEqual([events[0].id, events[1].id])
    expect(new Set(told.map(({ correlationid }) => correlationid))).toEqual(new Set([events[0].correlationid]))
  })

  test.each([
    'UPDATE payment_transitions SET to_state = from_state',
    'DELETE FROM payment_transitions',
    'TRUNCATE payment_transitions',
    'ALTER TABLE payments ADD COLUMN forged text',
  ])('and cannot be changed by the service itself: %s', async (sql) => {
    await expect(service.database.pool.query(sql)).rejects.toMatchObject({ code: '42501' })
  })
})
