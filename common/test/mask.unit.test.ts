import { catalogue, maskOf, orderCreated, Personal, Secret, userRegistered } from '@order-saga/common'
import Type from 'typebox'

test('the address and name of a user are covered, the rest is not', () => {
  const { userId } = userRegistered.example
  const masked = maskOf(userRegistered.payload)(userRegistered.example)
  expect(masked).toEqual({ userId, email: 'a***@example.com', name: '***', version: 1 })
})

test('a payment token is covered', () => {
  expect(maskOf(orderCreated.payload)(orderCreated.example)).toEqual({ ...orderCreated.example, paymentToken: '***' })
})

test('a field the contract does not know is covered: nobody has said that it is harmless', () => {
  const masked = maskOf(orderCreated.payload)({ ...orderCreated.example, phone: '+49 30 1234' })
  expect(masked).toMatchObject({ phone: '***', orderId: orderCreated.example.orderId })
})

test('fields are found wherever the schema has them', () => {
  const person = Type.Object({ name: Personal(Type.String()), age: Type.Integer() })
  const schema = Type.Object({
    people: Type.Array(person),
    code: Type.Optional(Secret(Type.Array(Type.String()))),
    owner: Type.Union([person, Type.Null()]),
  })
  const masked = maskOf(schema)({
    people: [{ name: 'Ada', age: 36 }],
    code: ['a', 'b'],
    owner: { name: 'Bob', age: 1 },
  })
  expect(masked).toEqual({ people: [{ name: '***', age: 36 }], code: '***', owner: '***' })
})

test.each([
  ['ada@example.com', 'a***@example.com'],
  ['a@b.example', 'a***@b.example'],
  ['no address', 'n***'],
  ['', '***'],
])('the address %p is shown as %p', (email, shown) => {
  const schema = Type.Object({ email: Personal(Type.String({ format: 'email' })) })
  expect(maskOf(schema)({ email })).toEqual({ email: shown })
})

test.each(catalogue.map((contract) => [contract.type, contract] as const))(
  '%s keeps every field that is not marked',
  (_type, { payload, example }) => {
    const marked = Object.entries(payload.properties).filter(([, field]) => 'x-sensitivity' in field)
    const covered = Object.fromEntries(marked.map(([name]) => [name, expect.stringContaining('***')]))
    const expected = Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, name in covered ? covered[name] : value]),
    )
    expect(maskOf(payload)(example)).toEqual(expected)
  },
)
