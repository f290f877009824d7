import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

export const settingNames = ['smtpUrl', 'mailFrom', 'sweepMs'] as const

export type MailerConfig = ConfigOf<(typeof settingNames)[number]>

export const readMailerConfig = (env: Env): MailerConfig =>
  readConfig('mailer-service', settingNames, env, [
    ({ mailFrom }) => !/^[^\s@<>]+@[a-z0-9.-]+$/i.test(mailFrom) && 'SHOP_MAIL_FROM must be a bare address',
  ])
