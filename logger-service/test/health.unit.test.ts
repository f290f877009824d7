import { type Looked, serviceHealth } from '../src/domain/health'

const well: Looked = {
  service: 'order-service',
  isReader: true,
  answers: { isReady: true, missing: [], alarms: 0 },
  waiting: { unsent: 3, oldestUnsentS: 2, parked: 0, oldestParkedAt: null, deadLetters: [] },
  queue: { ready: 7, unacknowledged: 1, consumers: 2 },
}
const problems = (change: Partial<Looked>) => serviceHealth({ ...well, ...change }).problems

test('a service that works has nothing to say, however much it has to do', () => {
  expect(serviceHealth(well)).toMatchObject({ isReady: true, instances: 2, ready: 7, unsent: 3, problems: [] })
})

test.each<[string, Partial<Looked>, string[]]>([
  ['it is away', { answers: undefined, waiting: undefined }, ['order-service does not answer.']],
  [
    'it is not ready',
    { answers: { isReady: false, missing: ['database', 'draining'], alarms: 0 } },
    ['order-service is not ready: database, draining.'],
  ],
  [
    'it raised alarms',
    { answers: { isReady: true, missing: [], alarms: 2 } },
    ['order-service has raised 2 alarms since its start.'],
  ],
  [
    'nobody consumes',
    { queue: { ready: 7, unacknowledged: 0, consumers: 0 } },
    ['Nobody consumes order-service.events.'],
  ],
  [
    'an event waits for long',
    { waiting: { unsent: 1, oldestUnsentS: 31.4, parked: 0, oldestParkedAt: null, deadLetters: [] } },
    ['order-service has had an event to tell for 31 s.'],
  ],
  [
    'events are parked and dead',
    { waiting: { unsent: 0, oldestUnsentS: null, parked: 1, oldestParkedAt: null, deadLetters: [{ count: 2 }] } },
    ['order-service tries 1 event again.', '2 dead letters of order-service wait for a person.'],
  ],
])('%s: that is said', (_what, change, said) => {
  expect(problems(change)).toEqual(said)
})

test('what is not known is null, and no problem of the service', () => {
  const found = serviceHealth({ ...well, queue: undefined, waiting: undefined })
  expect(found).toMatchObject({ instances: null, consumers: null, parked: null, deadLetters: null, problems: [] })
})

test('who hears nothing needs no consumer', () => {
  const silent = { ready: 0, unacknowledged: 0, consumers: 0 }
  expect(serviceHealth({ ...well, isReader: false, queue: silent })).toMatchObject({ instances: null, problems: [] })
})
