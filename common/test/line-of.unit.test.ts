import { PassThrough } from 'node:stream'
import { createLogger } from '../src/logger'
import type { NewLine } from '../src/logs/tell-lines'

function logging(level = 'info') {
  const told: NewLine[] = []
  const journal = { tell: (line: NewLine) => void told.push(line) }
  return { told, log: createLogger('order-service', level, new PassThrough(), journal) }
}

const ORDER = '019aa4d2-7c1e-7b3a-9d0f-0d6b1a6a2f11'

it('the journal is told of warnings and errors, and of nothing less', () => {
  const { told, log } = logging('debug')
  log.debug({}, 'no')
  log.info({}, 'no')
  log.warn({ orderId: ORDER, reason: 'slow' }, 'outcome unknown')
  log.child({ reqId: ORDER }).error(new Error('broken'))
  expect(told).toMatchObject([
    { level: 'warn', kind: null, message: 'outcome unknown', orderId: ORDER, fields: { reason: 'slow' } },
    { level: 'error', message: 'broken', requestId: ORDER, fields: { err: { type: 'Error', message: 'broken' } } },
  ])
})

it('what it was told by its kind it is not told again', () => {
  const { told, log } = logging()
  log.warn({ kind: 'parked' }, 'event could not be handled')
  log.error({ kind: 'receipt' }, 'something of another kind')
  expect(told.map(({ message }) => message)).toEqual(['something of another kind'])
})

it('an alarm is one wherever it comes from', () => {
  const { told, log } = logging()
  log.error({}, 'alarm: no queue is bound to this event type')
  expect(told).toMatchObject([{ kind: 'alarm' }])
})

it('no line fails because the journal cannot be told', () => {
  const log = createLogger('order-service', 'info', new PassThrough(), {
    tell: () => {
      throw new Error('no journal')
    },
  })
  expect(() => log.warn({}, 'said')).not.toThrow()
})
