import { saga } from '../src/saga'

test('reacts to orders and to the catalogue', () => {
  expect(saga.steps.map(({ contract, name }) => `${contract.type} → ${name}`)).toEqual([
    'order.created → takeLines',
    'order.cancelled → returnLines',
    'product.created → learnProduct',
    'product.updated → learnProduct',
    'product.low_stock → learnStock',
    'product.back_in_stock → learnStock',
    'product.deleted → forgetProduct',
  ])
})
