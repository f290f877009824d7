import { type RunnableParticipant, reactionsOf } from '@order-saga/common'
import { readMailerConfig, settingNames } from './config'
import { Mails1763700000000 } from './db/migrations/0001-mails'
import { PasswordResetMails1763710000000 } from './db/migrations/0002-password-resets'
import { ForgottenAddresses1763720000000 } from './db/migrations/0003-forgotten-addresses'
import { Resends1763730000000 } from './db/migrations/0004-resends'
import { Sms1763740000000 } from './db/migrations/0005-sms'
import { steps } from './saga'
import { buildMailerService } from './service'

export const participant: RunnableParticipant = {
  service: 'mailer-service',
  ...reactionsOf(steps),
  migrations: [
    Mails1763700000000,
    PasswordResetMails1763710000000,
    ForgottenAddresses1763720000000,
    Resends1763730000000,
    Sms1763740000000,
  ],
  settings: settingNames,
  entryPaths: ['/mails', '/admin/mails'],
  readConfig: readMailerConfig,
  build: (env) => buildMailerService(readMailerConfig(env)),
}
