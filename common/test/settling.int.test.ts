import { alarm, type Decision, newId, PermanentError, parked, statement } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import type { Envelope } from '../src/contracts/envelope'
import { EffectBook, effectSaga, note, type OnOrder } from './support/effects'
import { deadLetters, inboxIds, orderEvent, type Plumbing, parkedRows, Shop, unsentIds } from './support/shop'

let shop: Shop
beforeAll(async () => {
  shop = await Shop.open()
})
afterEach(() => shop.reset())
afterAll(() => shop.close())

const opened = (event: Envelope) => ({ event, brokerUser: 'order-service' })
const countOf = async ({ metrics }: Plumbing, outcome: string) => {
  const { values } = await metrics.events.get()
  return values.filter(({ labels }) => labels.outcome === outcome).reduce((sum, { value }) => sum + value, 0)
}

/** Everything except the broker: events are handed to the settler. */
function withReaction(react: OnOrder, overrides: Parameters<typeof effectSaga>[1] = {}) {
  const plumbing = shop.plumb('product-service', { saga: effectSaga(react, overrides) as never })
  const { settler } = plumbing
  if (!settler) throw new Error('no settler')
  return { plumbing, settler, settle: (...events: Envelope[]) => settler.settle(events.map(opened), []) }
}

describe('the inbox', () => {
  it('lets a hundred duplicates have one effect, in one batch or in many', async () => {
    const { plumbing, settle } = withReaction(note)
    const [once, again] = [orderEvent(), orderEvent()]
    await settle(...Array(100).fill(once))
    for (let n = 0; n < 10; n++) await settle(...Array(10).fill(again))
    expect(await shop.effectIds()).toEqual([once.id, again.id])
    expect(await countOf(plumbing, 'duplicate')).toBe(198)
  })

  it('lets two instances with the same batch have one effect each event', async () => {
    const [one, other] = [withReaction(note), withReaction(note)]
    const events = Array.from({ length: 50 }, () => orderEvent())
    await Promise.all([one.settle(...events), other.settle(...events), one.settle(...events)])
    expect((await shop.effectIds()).toSorted()).toEqual(events.map(({ id }) => id).toSorted())
  })

  it('holds no claim of an event that was not handled', async () => {
    const { settle } = withReaction(() => parked('too_early'))
    await settle(orderEvent(), orderEvent({ data: orderEvent().data }))
    expect(await shop.rows(inboxIds)).toEqual([])
    expect(await shop.rows(parkedRows)).toHaveLength(2)
  })
})

describe('an event that cannot be handled now', () => {
  const failing: OnOrder = () => {
    throw new Error('not today\u0000')
  }

  it('is tried eight times, with growing pauses, and is dead then', async () => {
    const { settler, settle } = withReaction(failing)
    const event = orderEvent()
    await settle(event)
    for (const [index, seconds] of [1, 2, 4, 5, 5, 5, 5].entries()) {
      const [row] = await shop.rows(parkedRows)
      expect(row).toMatchObject({ event_id: event.id, attempts: index + 1, reason: 'handler_error' })
      expect(row?.wait_ms).toBeGreaterThanOrEqual(seconds * 800 - 1)
      expect(row?.wait_ms).toBeLessThanOrEqual(seconds * 1200 + 1)
      await settler.retryParked()
      expect((await shop.rows(parkedRows))[0]?.attempts).toBe(index + 1)
      await shop.makeParkedDue()
      await settler.retryParked()
    }
    expect(await shop.rows(parkedRows)).toEqual([])
    const expected = {
      event_id: event.id,
      reason: 'handler_error',
      attempts: 8,
      handler: 'failing',
      error: 'not today',
    }
    expect(await shop.rows(deadLetters)).toMatchObject([{ ...expected, envelope: event, broker_user: 'order-service' }])
    expect(await shop.rows(inboxIds)).toEqual([])
  })

  it('is done once it works, and its duplicates meanwhile change nothing', async () => {
    let isBroken = true
    const { plumbing, settler, settle } = withReaction((book, event) =>
      isBroken ? failing(book, event) : note(book, event),
    )
    const event = orderEvent()
    await settle(event)
    await settle(event, event)
    isBroken = false
    await settle(event)
    expect(await shop.effectIds()).toEqual([])
    await shop.makeParkedDue()
    await settler.retryParked()
    await settle(event)
    expect(await shop.effectIds()).toEqual([event.id])
    expect(await shop.rows(parkedRows)).toEqual([])
    expect(await countOf(plumbing, 'duplicate')).toBe(4)
  })

  it('is dead at once when trying again cannot help', async () => {
    const { settle } = withReaction(() => {
      throw new PermanentError('no_such_thing')
    })
    await settle(orderEvent())
    expect(await shop.rows(deadLetters)).toMatchObject([{ reason: 'no_such_thing', attempts: 1 }])
  })

  it('keeps the reason its decision gave, parked or as an alarm', async () => {
    const answers: Decision[] = [parked('unknown_order'), alarm('sold_twice')]
    const { plumbing, settler, settle } = withReaction(
      (_book, event) => answers[Number(event.data.expectedTotalMinor)] ?? alarm('?'),
    )
    await settle(...[0, 1].map((expectedTotalMinor) => orderEvent({}, { expectedTotalMinor })))
    expect((await shop.rows(parkedRows)).map(({ reason }) => reason).toSorted()).toEqual([
      'sold_twice',
      'unknown_order',
    ])
    const alarms = (await plumbing.metrics.alarms.get()).values
    expect(alarms).toMatchObject([{ value: 1, labels: { kind: 'sold_twice' } }])
    for (let attempt = 2; attempt <= 8; attempt++) {
      await shop.makeParkedDue()
      await settler.retryParked()
    }
    expect((await shop.rows(deadLetters)).map(({ reason }) => reason).toSorted()).toEqual([
      'sold_twice',
      'unknown_order',
    ])
  })

  it('holds up none of the 199 others of its batch, and is found by halves: not with 200 transactions', async () => {
    let poison = orderEvent()
    const { plumbing, settle } = withReaction((book, event) =>
      event.id === poison.id ? failing(book, event) : note(book, event),
    )
    const good = () => Array.from({ length: 199 }, () => orderEvent())
    const others = good()
    await settle(...others.slice(0, 100), poison, ...others.slice(100))
    expect(await shop.effectIds()).toEqual(others.map(({ id }) => id))
    const { values } = await plumbing.metrics.batchDuration.get()
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBeLessThanOrEqual(17)
    expect((await shop.rows(parkedRows)).map((row) => row.event_id)).toEqual([poison.id])
    await eventually(async () => {
      poison = orderEvent()
      const batch = good().with(100, poison)
      const begun = performance.now()
      await settle(...batch)
      expect(performance.now() - begun).toBeLessThan(1_000)
    })
  })

  it.each<[string, Parameters<typeof effectSaga>[1]]>([
    ['open', { open: () => fail() }],
    ['close', { close: () => fail() }],
  ])('is parked when %s throws before its first await', async (_where, overrides) => {
    const { settle } = withReaction(note, overrides)
    await settle(orderEvent())
    expect(await shop.rows(parkedRows)).toMatchObject([{ reason: 'handler_error' }])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a promise', Promise.resolve({ kind: 'ignored', reason: 'late' })],
  ])('is parked when its step answers %s', async (_what, answer) => {
    const { settle } = withReaction(() => answer as Decision)
    await settle(orderEvent())
    expect(await shop.rows(parkedRows)).toMatchObject([{ reason: 'handler_error' }])
    expect(await shop.rows(inboxIds)).toEqual([])
  })
})

const fail = (): never => {
  throw new Error('thrown')
}

describe('an event whose message came back', () => {
  const lost = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))

  it('is dead at its fifth start, each on record before it begins', async () => {
    const event = orderEvent()
    const starts = statement<{ starts: number }>('starts', 'SELECT starts FROM delivery_starts')
    for (let crash = 1; crash <= 4; crash++) {
      // a new settler each time: this process has not survived the attempts before
      await expect(withReaction(note, { open: lost }).settler.settleCarefully(opened(event))).rejects.toThrow('away')
      expect(await shop.rows(starts)).toEqual([{ starts: crash }])
    }
    await withReaction(note).settler.settleCarefully(opened(event))
    expect(await shop.rows(deadLetters)).toMatchObject([{ event_id: event.id, reason: 'crash_loop', attempts: 5 }])
  })

  it('is a duplicate however often it comes back, once it is done', async () => {
    const { plumbing, settler } = withReaction(note)
    const event = orderEvent()
    for (let n = 0; n < 10; n++) await settler.settleCarefully(opened(event))
    expect(await shop.effectIds()).toEqual([event.id])
    expect(await countOf(plumbing, 'duplicate')).toBe(9)
    expect(await shop.rows(deadLetters)).toEqual([])
  })

  it('is not taken for a crash when a server was away', async () => {
    let isAway = true
    const { settler } = withReaction(note, { open: async () => (isAway ? lost() : new EffectBook()) })
    const event = orderEvent()
    for (let n = 0; n < 10; n++) await expect(settler.settleCarefully(opened(event))).rejects.toThrow('away')
    isAway = false
    await settler.settleCarefully(opened(event))
    expect(await shop.effectIds()).toEqual([event.id])
  })

  it('is dead as well when it is parked and kills whoever tries it', async () => {
    const event = orderEvent()
    await withReaction(() => parked('too_early')).settle(event)
    const begin = statement('begin', 'INSERT INTO delivery_starts VALUES ($1, 4)')
    await shop.admin.execute(begin, [event.id])
    await shop.makeParkedDue()
    await withReaction(note).settler.retryParked()
    expect(await shop.rows(deadLetters)).toMatchObject([{ event_id: event.id, reason: 'crash_loop', attempts: 5 }])
    expect(await shop.rows(parkedRows)).toEqual([])
  })
})

describe('a transaction', () => {
  const break_ = statement('break', 'SELECT 1/0')

  it('that was aborted is not taken for committed, though its COMMIT succeeds', async () => {
    const { database } = shop.plumb('order-service')
    const committed = jest.fn()
    const swallowing = database.transaction(async (tx) => {
      tx.afterCommit(committed)
      await tx.query(break_).catch(() => {})
    })
    await expect(swallowing).rejects.toThrow('rolled back instead of committed (ROLLBACK)')
    const overTypeOrm = database.entityTransaction(async (_manager, tx) => {
      tx.afterCommit(committed)
      await tx.query(break_).catch(() => {})
    })
    await expect(overTypeOrm).rejects.toThrow('rolled back instead of committed (ROLLBACK)')
    expect(committed).not.toHaveBeenCalled()
  })

  it('that fails in one of several statements at once says why, whichever of them is heard of first', async () => {
    const { database } = shop.plumb('order-service')
    const failing = database.transaction(async (tx) => {
      const failed = tx.query(break_)
      const behind = tx.query(unsentIds)
      await Promise.all([behind.catch(() => failed.catch(() => {})).then(() => failed), behind])
    })
    await expect(failing).rejects.toThrow('division by zero')
  })

  it('that throws before its first await leaves no unheard rejection and a usable pool', async () => {
    const { database } = shop.plumb('order-service')
    for (let n = 0; n < 20; n++) await expect(database.transaction(() => fail())).rejects.toThrow('thrown')
    expect(await database.query(unsentIds)).toEqual([])
  })

  it('stays committed when something after it fails', async () => {
    const { database } = shop.plumb('order-service')
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const ran = jest.fn()
    const answer = await database.transaction(async (tx) => {
      tx.afterCommit(() => fail())
      tx.afterCommit(ran)
      return newId()
    })
    expect(answer).toBeDefined()
    expect(ran).toHaveBeenCalled()
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('thrown'))
    warn.mockRestore()
  })
})
