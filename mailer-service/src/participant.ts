import { type Participant, reactionsOf } from '@order-saga/common'
import { settingNames } from './config'
import { Mails1763700000000 } from './db/migrations/0001-mails'
import { PasswordResetMails1763710000000 } from './db/migrations/0002-password-resets'
import { ForgottenAddresses1763720000000 } from './db/migrations/0003-forgotten-addresses'
import { steps } from './saga'

export const participant: Participant = {
  service: 'mailer-service',
  ...reactionsOf(steps),
  migrations: [Mails1763700000000, PasswordResetMails1763710000000, ForgottenAddresses1763720000000],
  settings: settingNames,
}
