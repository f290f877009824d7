import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

const names = ['smtpUrl', 'mailFrom', 'sweepMs'] as const

export type MailerConfig = ConfigOf<(typeof names)[number]>

export const readMailerConfig = (env: Env): MailerConfig =>
  readConfig('mailer-service', names, env, [
    ({ mailFrom }) => !/^[^\s@<>]+@[a-z0-9.-]+$/i.test(mailFrom) && 'SHOP_MAIL_FROM must be a bare address',
  ])
