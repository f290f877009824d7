import fc from 'fast-check'
import { ServerEvents } from '../../console/src/view/server-events'

const STREAM = ': hello\n\nid: 7\nevent: journey\ndata: {"a":1}\n\r\ndata: two\r\ndata:lines\r\n\r\nevent: nothing\n\n'
const EVENTS = [
  { name: 'journey', id: '7', data: '{"a":1}' },
  { name: 'message', id: null, data: 'two\nlines' },
]

test('reads events, and passes over comments and what has no data', () => {
  expect(new ServerEvents().push(STREAM)).toEqual(EVENTS)
})

test('reads the same however the stream is cut', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: STREAM.length - 1 })).map((at) => at.sort((a, b) => a - b))
  fc.assert(
    fc.property(cuts, (at) => {
      const events = new ServerEvents()
      const pieces = [0, ...at].map((from, index) => STREAM.slice(from, at[index]))
      expect(pieces.flatMap((piece) => events.push(piece))).toEqual(EVENTS)
    }),
  )
})

test('what is not complete is not told', () => {
  const events = new ServerEvents()
  expect(events.push('data: half')).toEqual([])
  expect(events.push('\n')).toEqual([])
  expect(events.push('\n')).toEqual([{ name: 'message', id: null, data: 'half' }])
})
