import { type Bus, classify, messageOf, REVOCATIONS_EVERY_MS, Runtime } from '@order-saga/common'
import type { AuthConfig } from './config'
import { forgetResets } from './db/password-resets'
import { forgetSessions, revokedLately } from './db/sessions'
import { UserEntity } from './db/user'
import { routes } from './http/routes'
import { AttemptLimits } from './security/attempt-limits'
import { Passwords } from './security/passwords'
import { SigningKeys } from './security/signing-keys'
import type { Accounts } from './use-cases/accounts'
import { seedAdministrator } from './use-cases/seed-administrator'

// how soon a retired key stops signing, and how soon a service that started without its database is complete
const PREPARE_MS = 10_000
const FORGET_MS = 600_000

export async function buildAuthService(config: AuthConfig, bus?: Bus): Promise<Runtime> {
  const about = 'Accounts, logins and the keys that sign access tokens.'
  const entities = [UserEntity]
  const runtime = await Runtime.create({ service: 'auth-service', about, config, entities, ...(bus && { bus }) })
  const { app, database, revocations } = runtime
  const passwords = new Passwords(config)
  const keys = new SigningKeys(database, config.keyPassphrase)
  const publishing = runtime.every(REVOCATIONS_EVERY_MS, 'revocations', async () =>
    // while Redis is away they wait for the next time
    revocations.publish(await revokedLately(database)).catch(() => {}),
  )
  const accounts = { database, passwords, keys, config, publishRevocations: () => void publishing.runNow() }
  routes(app, accounts, new AttemptLimits(runtime.redis, config))
  app.addHook('onReady', () => prepareAtStart(runtime, accounts))
  runtime.every(PREPARE_MS, 'signing key and administrator', () => prepare(accounts))
  runtime.every(FORGET_MS, 'forgotten logins', () => forgetSessions(database))
  runtime.every(FORGET_MS, 'forgotten resets', () => forgetResets(database))
  runtime.needs(() => (keys.isLoaded ? undefined : 'signing key'))
  return runtime
}

async function prepare(accounts: Accounts): Promise<void> {
  await accounts.keys.load()
  await seedAdministrator(accounts)
}

/** A database that is away is waited for; a wrong setting keeps the service from starting. */
async function prepareAtStart({ log }: Runtime, accounts: Accounts): Promise<void> {
  try {
    await prepare(accounts)
  } catch (error) {
    if (classify(error) !== 'infrastructure') throw error
    log.warn({ reason: messageOf(error) }, 'no signing key yet, the database is away')
  }
}
