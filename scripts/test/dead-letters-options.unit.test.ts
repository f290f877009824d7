import { newId, serviceNames } from '@order-saga/common'
import { HELP, readCommand } from '../src/dead-letters/options'

const id = newId()

test.each([
  [['list'], { name: 'list', selection: { id: undefined, services: serviceNames, reason: undefined }, isJson: false }],
  [['list', '--reason', 'schema', '--json'], { selection: { services: serviceNames, reason: 'schema' }, isJson: true }],
  [['show', id], { name: 'show', selection: { id } }],
  [['redrive', id, '--why', 'x'], { name: 'redrive', selection: { id }, why: 'x' }],
  [['redrive', '--all', '--why', 'x'], { name: 'redrive', selection: { id: undefined, services: serviceNames } }],
  [
    ['discard', '--service', 'cart-service', '--why', 'x'],
    { name: 'discard', selection: { services: ['cart-service'] } },
  ],
])('%j', (args, command) => {
  expect(readCommand(args)).toMatchObject(command)
})

test.each([
  [['redrive', '--all'], 'say why'],
  [['redrive', '--why', 'x'], 'which ones'],
  [['redrive', id, '--all', '--why', 'x'], 'which ones'],
  [['discard', '--all', '--service', 'cart-service', '--why', 'x'], 'which ones'],
  [['redrive', 'seven', '--why', 'x'], 'is no id'],
  [['redrive', id, id, '--why', 'x'], 'one at a time'],
  [['list', '--service', 'shop'], 'is no service'],
  [['list', id], 'list, show ID'],
  [['show'], 'list, show ID'],
  [['bury'], 'list, show ID'],
  [['list', '--colour'], '--colour'],
])('%j is refused: %s', (args, words) => {
  expect(() => readCommand(args)).toThrow(words)
})

test('--help is enough', () => {
  expect(readCommand(['--help'])).toBeUndefined()
  expect(HELP).toContain('--why TEXT')
})
