import { type Participant, reactionsOf } from '@order-saga/common'
import { Payments1763700000000 } from './db/migrations/0001-payments'
import { steps } from './saga'

export const participant: Participant = {
  service: 'payment-service',
  ...reactionsOf(steps),
  migrations: [Payments1763700000000],
}
