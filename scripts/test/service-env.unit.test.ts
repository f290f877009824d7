import { basicSettings, type ServiceName, type Setting, serviceNames, settings } from '@order-saga/common'
import { addresses } from '../src/infra'
import { participants } from '../src/participants'
import { serviceEnv } from '../src/shop/service-env'

const ownersOf = (secret: string): ServiceName[] =>
  participants
    .filter(({ settings: own = [] }) => own.some((name) => settings[name].env === secret))
    .map(({ service }) => service)

const shared = basicSettings.map((name): string => settings[name].env)
const secrets = Object.values<Setting<unknown>>(settings)
  .filter(({ env, isSecret }) => isSecret && !shared.includes(env))
  .map(({ env }) => env)

// every setting there is, as an operator might have them all
const everything = Object.fromEntries(
  Object.values(settings).flatMap(({ env }) => [
    [env, `value of ${env}`],
    [`${env}_FILE`, `/run/secrets/${env}`],
  ]),
)

const environmentOf = (service: ServiceName) => serviceEnv(service, addresses({}), everything)

it('each secret has one owner', () => {
  expect(Object.fromEntries(secrets.map((secret) => [secret, ownersOf(secret)]))).toEqual({
    SHOP_PASSWORD_PEPPER: ['auth-service'],
    SHOP_KEY_PASSPHRASE: ['auth-service'],
    SHOP_ADMIN_PASSWORD: ['auth-service'],
    SHOP_STRIPE_KEY: ['payment-service'],
    SHOP_WEBHOOK_SECRET: ['payment-service'],
    SHOP_SMTP_URL: ['mailer-service'],
    SHOP_MANAGEMENT_URL: ['logger-service'],
  })
})

it.each(serviceNames)('%s is given its own secrets, and knows nothing of those of others', (service) => {
  const names = Object.keys(environmentOf(service))
  for (const secret of secrets)
    expect([secret, names.includes(secret)]).toEqual([secret, ownersOf(secret).includes(service)])
})

it('a secret in a file goes to its owner alone', () => {
  const owns = (secret: string) => serviceNames.filter((service) => environmentOf(service)[secret])
  expect(owns('SHOP_KEY_PASSPHRASE_FILE')).toEqual(['auth-service'])
  expect(owns('SHOP_WEBHOOK_SECRET_FILE')).toEqual(['payment-service'])
  // where these lead is decided by whoever starts the services
  for (const name of ['SHOP_DATABASE_URL_FILE', 'SHOP_AMQP_URL_FILE', 'SHOP_REDIS_URL_FILE', 'SHOP_SMTP_URL_FILE'])
    expect(owns(name)).toEqual([])
})

it('what is set for all reaches all, what one service reads reaches that one', () => {
  for (const service of serviceNames) expect(environmentOf(service).LOG_LEVEL).toBe('value of LOG_LEVEL')
  expect(serviceNames.filter((service) => environmentOf(service).SHOP_BCRYPT_COST)).toEqual(['auth-service'])
})
