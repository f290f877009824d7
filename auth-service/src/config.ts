import { type ConfigOf, type Env, type Rule, readConfig } from '@order-saga/common'
import { normaliseEmail } from './domain/email'
import { weaknessOf } from './domain/password-rules'

export const settingNames = [
  'tokenTtlS',
  'sessionDays',
  'bcryptCost',
  'loginFailuresPerAccount',
  'loginWindowS',
  'loginFailuresPerAddress',
  'registrationsPerAddress',
  'resetsPerAddress',
  'passwordPepper',
  'keyPassphrase',
  'adminEmail',
  'adminPassword',
] as const
type Names = (typeof settingNames)[number]

export type AuthConfig = ConfigOf<Names>

// 15 minutes: with Redis away nobody can call an access token back
const MAX_TOKEN_TTL_S = 900

const tokensAreShortLived: Rule<Names> = ({ tokenTtlS }) =>
  tokenTtlS > MAX_TOKEN_TTL_S && `SHOP_TOKEN_TTL_S may be ${MAX_TOKEN_TTL_S} at most`

const administratorHasAddress: Rule<Names> = ({ adminEmail }) =>
  normaliseEmail(adminEmail) === undefined && 'SHOP_ADMIN_EMAIL must be an e-mail address'

const administratorIsHardToGuess: Rule<Names> = ({ nodeEnv, adminEmail, adminPassword }) =>
  nodeEnv === 'production' && weaknessOf(adminPassword, adminEmail) && 'SHOP_ADMIN_PASSWORD is too weak'

export const readAuthConfig = (env: Env): AuthConfig =>
  readConfig('auth-service', settingNames, env, [
    tokensAreShortLived,
    administratorHasAddress,
    administratorIsHardToGuess,
  ])
