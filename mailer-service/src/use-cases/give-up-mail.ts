import { buryWork, type Tx } from '@order-saga/common'
import { type Attempted, recordDeliveries } from '../db/due-mails'
import { secretKinds } from '../domain/mail'
import { asWork, MAIL_REFUSED } from '../domain/resend'

/** What was refused for good waits for a person as a dead letter; a code does not, since nobody could send it again. */
export async function giveUp(tx: Tx, attempted: Attempted): Promise<void> {
  const { mail, delivery } = attempted
  const isOurs = (await recordDeliveries(tx, [attempted])) === 1
  if (!isOurs || secretKinds.includes(mail.kind)) return
  const error = `${mail.kind} about ${mail.subjectId} by ${mail.channel}: ${delivery.reason}`
  await buryWork(tx, asWork(mail), { reason: MAIL_REFUSED, error, handler: giveUp.name, attempts: mail.attempts })
}
