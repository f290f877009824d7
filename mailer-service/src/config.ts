import { type ConfigOf, type Env, readConfig } from '@order-saga/common'

export const settingNames = ['smtpUrl', 'mailFrom', 'sms', 'sweepMs'] as const

export type MailerConfig = ConfigOf<(typeof settingNames)[number]>

export const hasSms = ({ sms, nodeEnv }: MailerConfig): boolean =>
  sms === 'simulated' || (sms === 'auto' && nodeEnv !== 'production')

export const readMailerConfig = (env: Env): MailerConfig =>
  readConfig('mailer-service', settingNames, env, [
    ({ nodeEnv, sms }) =>
      nodeEnv === 'production' && sms === 'simulated' && 'SHOP_SMS=simulated reaches nobody, refused in production',
    ({ mailFrom }) => !/^[^\s@<>]+@[a-z0-9.-]+$/i.test(mailFrom) && 'SHOP_MAIL_FROM must be a bare address',
  ])
