import type { RunnableParticipant } from '@order-saga/common'
import { readAuthConfig, settingNames } from './config'
import { Users1763700000000 } from './db/migrations/0001-users'
import { Sessions1763710000000 } from './db/migrations/0002-sessions'
import { WithdrawnKeys1763720000000 } from './db/migrations/0003-withdrawn-keys'
import { PasswordResets1763730000000 } from './db/migrations/0004-password-resets'
import { ClosedAccounts1763740000000 } from './db/migrations/0005-closed-accounts'
import { SmsNumbers1763750000000 } from './db/migrations/0006-sms-numbers'
import { buildAuthService } from './service'

export const participant: RunnableParticipant = {
  service: 'auth-service',
  reacts: [],
  migrations: [
    Users1763700000000,
    Sessions1763710000000,
    WithdrawnKeys1763720000000,
    PasswordResets1763730000000,
    ClosedAccounts1763740000000,
    SmsNumbers1763750000000,
  ],
  settings: settingNames,
  entryPaths: [
    '/.well-known/jwks.json',
    '/login',
    '/logout',
    '/logout-everywhere',
    '/me',
    '/password-resets',
    '/refresh',
    '/register',
    '/signing-keys',
    '/users',
  ],
  readConfig: readAuthConfig,
  build: (env) => buildAuthService(readAuthConfig(env)),
}
