import { type Id, notFound, Problem, type Tx, unburyWork } from '@order-saga/common'
import { lockMail, makeDueAgain } from '../db/resends'
import { asWork, type MailName, type Obstacle, obstacleTo } from '../domain/resend'

/** Who wants it, and why: nobody writes to a customer once more without saying so. */
export interface Wish {
  readonly actor: Id
  readonly why: string
}

const said: Record<Obstacle, string> = {
  'mail-is-due': 'It is still to be sent: wait until it is sent or failed.',
  'mail-not-kept': 'Its code is not kept: the customer asks for a new one.',
  'recipient-forgotten': 'The account is deleted, and its address with it.',
}

/** Sends a mail once more, to where its recipient is reached today; a dead letter of it is settled with that. */
export async function resendMail(tx: Tx, name: MailName, { actor, why }: Wish, wake: () => void): Promise<void> {
  const mail = await lockMail(tx, name)
  if (!mail) throw notFound('mail')
  const obstacle = obstacleTo(mail)
  if (obstacle) throw new Problem(409, obstacle, said[obstacle])
  await makeDueAgain(tx, name, actor, why)
  await unburyWork(tx, asWork(name))
  tx.afterCommit(wake)
}
