import { orderCancelled, orderCreated, orderPaid } from '@order-saga/common'
import { merge, projectAll, projectionOf } from '../src/domain/projection'
import { declined, happy, newStory, outOfStock, refunded, stuck, toEntry } from './stories'

// two verdicts cannot happen, and would have to end in one row all the same
const contradictory = () => newStory().and(orderCreated).and(orderPaid).and(orderCancelled, { reason: 'timed_out' })
const stories = { happy, outOfStock, declined, refunded, stuck, contradictory }

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) yield [...items]
  for (const [index, first] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest]
}

test.each(Object.entries(stories))(
  'the %s order has one row, in whatever order and however often it was heard',
  (_name, make) => {
    const events = make().events.map(toEntry)
    const [expected] = projectAll(events)
    for (const heard of permutations(events)) {
      expect(projectAll(heard)).toEqual([expected])
      // batch by batch, each event twice
      const rows = [...heard, ...heard].map((event) => projectionOf(event)).filter((row) => row !== undefined)
      expect(rows.reduce(merge)).toEqual(expected)
    }
  },
)

test('a row says how the order stands', () => {
  const story = declined()
  expect(projectAll(story.events.map(toEntry))).toEqual([
    {
      orderId: story.orderId,
      customerId: story.customerId,
      heard: 1 + 2 + 8 + 32 + 256,
      verdictId: story.events[4]?.id,
      status: 'cancelled',
      reason: 'payment_declined',
      placedAt: '2026-01-01T12:00:00.000Z',
      endedAt: '2026-01-01T12:00:00.040Z',
      deadlineAt: '2026-01-01T12:02:00.000Z',
      movedAt: '2026-01-01T12:00:00.040Z',
      totalMinor: 6980,
      currency: 'EUR',
    },
  ])
})

test('neither a repeat nor a question is a step further', () => {
  const story = stuck()
  const [created] = story.events
  if (!created) throw new Error('a story begins')
  const [row] = projectAll(story.and(orderCreated, {}, { repeats: created, afterMs: 90_000 }).events.map(toEntry))
  expect(row).toMatchObject({ movedAt: '2026-01-01T12:00:00.010Z', placedAt: '2026-01-01T12:00:00.000Z' })
})

test('an event about no order has no row', () => {
  expect(projectAll([{ ...toEntry(happy().events[0] as never), type: 'product.updated', orderId: undefined }])).toEqual(
    [],
  )
  expect(projectAll(newStory().events.map(toEntry))).toEqual([])
})
