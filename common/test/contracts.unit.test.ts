import { catalogue, contractsOf, defineEvent, Id, newId, Personal, serviceNames, tell } from '@order-saga/common'
import Type from 'typebox'
import { outgoing } from '../src/outbox/outgoing'
import { MAX_MINOR } from '../src/schemas'

const cause = { correlationId: newId() }

describe.each(catalogue.map((contract) => [contract.dataschema, contract] as const))('%s', (_name, contract) => {
  it('has an example that keeps it, and names its subject', () => {
    expect(contract.validator.Check(contract.example)).toBe(true)
    expect(contract.example).toHaveProperty(contract.subject)
    expect(outgoing(contract.publisher, tell(contract, contract.example, newId()), cause).type).toBe(contract.type)
  })

  it('has one publisher, which is a service, and says what happened', () => {
    expect(serviceNames).toContain(contract.publisher)
    expect(contract.type).toMatch(/^[a-z]+(\.[a-z_]+)+$/)
    expect(contract.summary).toMatch(/^[A-Z].*[.?]$/)
  })

  it('has bounds for every whole number: no reader keeps more than its column holds', () => {
    const numbers = JSON.stringify(contract.payload).match(/\{[^{}]*"type":"integer"[^{}]*\}/g) ?? []
    expect(numbers.filter((schema) => !schema.includes('"minimum":') || !schema.includes('"maximum":'))).toEqual([])
  })

  it('is declared once', () => {
    expect(contractsOf(contract.type).filter(({ version }) => version === contract.version)).toEqual([contract])
  })

  it('is refused to everybody but its publisher', () => {
    const stranger = serviceNames.find((name) => name !== contract.publisher) ?? 'cart-service'
    expect(() => outgoing(stranger, tell(contract, contract.example, newId()), cause)).toThrow('belongs to')
  })

  it('is refused with a required field missing, before it enters the outbox', () => {
    const { [contract.subject]: _missing, ...data } = contract.example as Record<string, unknown>
    expect(() => outgoing(contract.publisher, tell(contract, data as never, newId()), cause)).toThrow(contract.type)
  })
})

const strict = defineEvent({
  type: 'test.strict',
  version: 1,
  publisher: 'order-service',
  summary: 'For this test.',
  subject: 'id',
  payload: Type.Object({
    id: Id,
    at: Type.String({ format: 'date-time' }),
    n: Type.Integer({ minimum: 0, maximum: MAX_MINOR }),
  }),
  example: { id: newId(), at: '2026-01-01T00:00:00.000Z', n: 1 },
})

it.each<[string, object]>([
  ['a number as text', { n: '1' }],
  ['a boolean for a number', { n: true }],
  ['a fraction', { n: 0.5 }],
  ['more than the maximum', { n: MAX_MINOR + 1 }],
  ['infinity', { n: Number.POSITIVE_INFINITY }],
  ['not a number', { n: Number.NaN }],
  ['a bigint', { n: 1n }],
  ['null', { n: null }],
  ['an array', { n: [1] }],
  ['a time that is none', { at: 'yesterday' }],
  ['a Date', { at: new Date() }],
  ['a UUIDv4', { id: '8c5f1c0e-6f0e-4b5a-9d0f-0d6b1a6a2f11' }],
])('a contract takes nothing for something else: %s', (_what, wrong) => {
  expect(strict.validator.Check(strict.example)).toBe(true)
  expect(strict.validator.Check({ ...strict.example, ...wrong })).toBe(false)
})

it('a reader ignores fields it does not know', () => {
  expect(strict.validator.Check({ ...strict.example, more: {} })).toBe(true)
})

it('an event that names a person knows it', () => {
  const declaration = {
    ...strict,
    subject: 'id' as const,
    payload: Type.Object({ id: Id, name: Personal(Type.String()) }),
    example: { id: newId(), name: 'Ada' },
  }
  expect(defineEvent({ ...declaration, audience: 'observers' }).isPersonal).toBe(true)
  expect(strict.isPersonal).toBe(false)
  expect(catalogue.filter(({ isPersonal }) => isPersonal).every(({ type }) => type.startsWith('user.'))).toBe(true)
})
