import { Runtime } from '@order-saga/common'
import { channelsOver } from './channels'
import { hasSms, type MailerConfig } from './config'
import { endHopelessMails } from './db/due-mails'
import { mailEntity } from './db/mail-entity'
import { MAIL_REFUSED, obstacles, ofWork } from './domain/resend'
import { routes } from './http/routes'
import { mailerSaga } from './saga'
import { openSmtp } from './smtp'
import { resendMail } from './use-cases/resend-mail'
import { sendDueMails } from './use-cases/send-mails'

const HOPELESS_MS = 5_000

export async function buildMailerService(config: MailerConfig): Promise<Runtime> {
  const runtime = await Runtime.create({
    service: 'mailer-service',
    about: 'Writes to customers what became of their account, orders and refunds, and codes they asked for.',
    config,
    entities: [mailEntity],
    redriveRefusals: obstacles,
  })
  const { app, database, log, tracing } = runtime
  const smtp = openSmtp(config.smtpUrl)
  const channels = channelsOver(smtp.sendMail.bind(smtp), config.mailFrom)
  const sender = { database, log, channels, lines: runtime.lines, tracing }
  const sending = runtime.every(config.sweepMs, 'mails', () => sendDueMails(sender))
  runtime.every(HOPELESS_MS, 'hopeless mails', () => endHopelessMails(database))
  const wake = () => void sending.runNow()
  routes(app, database, wake)
  runtime.deadLetters.redoes(MAIL_REFUSED, (tx, work, wish) => resendMail(tx, ofWork(work), wish, wake))
  runtime.react(mailerSaga(wake, hasSms(config)), { gatherMs: 200 })
  runtime.onClose(async () => {
    await sending.stop()
    smtp.close()
  })
  return runtime
}
