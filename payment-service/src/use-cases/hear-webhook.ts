import { isId, type Tx } from '@order-saga/common'
import { bringCallForward, claimWebhook, findMeant } from '../db/webhooks'
import { type Hint, judgeWebhook, type Webhook } from '../domain'

/** At most it makes us ask the provider sooner; `onDue` hears when that is committed. */
export async function hearWebhook(tx: Tx, webhook: Webhook, onDue: () => void): Promise<Hint | 'repeated'> {
  if (!(await claimWebhook(tx, webhook.id))) return 'repeated'
  const { reference } = webhook
  const hint = judgeWebhook(isId(reference) ? await findMeant(tx, reference) : undefined, webhook)
  if (hint !== 'asks_again') return hint
  await bringCallForward(tx, reference)
  tx.afterCommit(onDue)
  return hint
}
