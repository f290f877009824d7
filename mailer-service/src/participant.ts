import { type Participant, reactionsOf } from '@order-saga/common'
import { Mails1763700000000 } from './db/migrations/0001-mails'
import { steps } from './saga'

export const participant: Participant = {
  service: 'mailer-service',
  ...reactionsOf(steps),
  migrations: [Mails1763700000000],
}
