import { Runtime } from '@order-saga/common'
import type { MailerConfig } from './config'
import { endHopelessMails } from './db/due-mails'
import { mailEntity } from './db/mail-entity'
import { routes } from './http/routes'
import { mailerSaga } from './saga'
import { openSmtp } from './smtp'
import { sendDueMails } from './use-cases/send-mails'

const HOPELESS_MS = 5_000

export async function buildMailerService(config: MailerConfig): Promise<Runtime> {
  const runtime = await Runtime.create({
    service: 'mailer-service',
    about: 'Writes to customers what became of their account, orders and refunds, and codes they asked for.',
    config,
    entities: [mailEntity],
  })
  const { app, database, log } = runtime
  const smtp = openSmtp(config.smtpUrl)
  const sender = { database, log, mailFrom: config.mailFrom, send: smtp.sendMail.bind(smtp) }
  const sending = runtime.every(config.sweepMs, 'mails', () => sendDueMails(sender))
  runtime.every(HOPELESS_MS, 'hopeless mails', () => endHopelessMails(database))
  routes(app, database)
  runtime.react(
    mailerSaga(() => void sending.runNow()),
    { gatherMs: 100 },
  )
  runtime.onClose(async () => {
    await sending.stop()
    smtp.close()
  })
  return runtime
}
