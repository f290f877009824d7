import { newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { Circuit, type CircuitState } from '../src/provider/circuit'
import type { ChargeAnswer, Provider } from '../src/provider/provider'

const request = { key: 'ch_1', orderId: newId(), amountMinor: 100, currency: 'EUR', paymentToken: 'tok_visa' }
const paid: ChargeAnswer = { kind: 'succeeded', chargeId: 'ch_9' }
const away = (why: string): ChargeAnswer => ({ kind: 'unknown', why })
const notMade = away('circuit_open')

// long enough for a test to see it open, short enough to wait for
const REST_MS = 200

let circuit: Circuit
let states: CircuitState[]
let calls: number
let answer: () => Promise<ChargeAnswer>
beforeEach(() => {
  states = []
  calls = 0
  answer = async () => paid
  const provider: Provider = {
    charge: () => {
      calls++
      return answer()
    },
    refund: async () => ({ kind: 'refunded' }),
    find: async () => ({ kind: 'nothing' }),
  }
  circuit = new Circuit(provider, { restMs: REST_MS, onState: (state) => states.push(state) })
})
afterEach(() => circuit.close())

async function charge(times: number, answered: ChargeAnswer): Promise<ChargeAnswer[]> {
  answer = async () => answered
  const answers: ChargeAnswer[] = []
  for (let n = 0; n < times; n++) answers.push(await circuit.charge(request))
  return answers
}

test('hands on what the provider answers', async () => {
  expect(await charge(1, paid)).toEqual([paid])
  expect(await circuit.refund({ ...request, chargeId: 'ch_9' })).toEqual({ kind: 'refunded' })
  expect(await circuit.find(request.orderId)).toEqual({ kind: 'nothing' })
})

test.each(['timeout', 'network', 'http_500', 'http_503', 'http_429'])(
  'ten calls that end in %s open it: nothing more is asked, and nothing is known',
  async (why) => {
    await charge(10, away(why))
    expect([circuit.state, states]).toEqual(['open', ['open']])
    expect(await charge(5, paid)).toEqual(Array(5).fill(notMade))
    expect(await circuit.refund({ ...request, chargeId: 'ch_9' })).toEqual(notMade)
    expect(await circuit.find(request.orderId)).toEqual(notMade)
    expect(calls).toBe(10)
  },
)

test('nine are too few to tell', async () => {
  await charge(9, away('timeout'))
  expect(circuit.state).toBe('closed')
})

test('when at least half of the calls come through, it stays closed', async () => {
  await charge(10, paid)
  await charge(10, away('timeout'))
  expect(circuit.state).toBe('closed')
})

test.each<ChargeAnswer>([
  { kind: 'declined', reason: 'declined' },
  away('mismatch'),
  away('garbage'),
  away('http_400'),
  away('no_token'),
])('$kind $why is no outage, however often', async (answered) => {
  await charge(50, answered)
  expect(circuit.state).toBe('closed')
})

test('after its rest one call is tried, and while that is on its way no other', async () => {
  await charge(10, away('network'))
  await eventually(() => expect(circuit.state).toBe('half_open'))
  let arrive = (_: ChargeAnswer) => {}
  answer = () =>
    new Promise((resolve) => {
      arrive = resolve
    })
  const tried = circuit.charge(request)
  expect(await circuit.charge(request)).toEqual(notMade)
  arrive(paid)
  expect(await tried).toEqual(paid)
  expect([circuit.state, calls]).toEqual(['closed', 11])
  expect(states).toEqual(['open', 'half_open', 'closed'])
})

test('when that one fails too, it rests again', async () => {
  await charge(10, away('network'))
  await eventually(() => expect(circuit.state).toBe('half_open'))
  expect(await charge(1, away('timeout'))).toEqual([away('timeout')])
  expect(circuit.state).toBe('open')
  expect(await charge(1, paid)).toEqual([notMade])
})

test('what the provider throws is nothing it decides about', async () => {
  answer = () => Promise.reject(new Error('a defect'))
  await expect(circuit.charge(request)).rejects.toThrow('a defect')
})
