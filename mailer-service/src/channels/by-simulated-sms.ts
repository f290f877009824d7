import { composeShort } from '../domain/compose'
import type { Send } from '../smtp'
import type { Channel } from './channel'
import { headersOf } from './headers'

// no name that can ever be resolved (RFC 2606): of a real mail server it reaches nobody
const GATEWAY = 'sms.invalid'

/** Shows in the mail catcher what an SMS would say to whom, as a gateway that takes mails for numbers would get it. */
export const bySimulatedSms = (send: Send, mailFrom: string): Channel => ({
  send: async (notice, signal) => {
    const { kind, subjectId, resends, recipient } = notice
    const copy = resends > 0 ? `.${resends}` : ''
    const text = composeShort(notice)
    if (text === undefined) throw new Error(`${kind} is nothing for an SMS`)
    return send({
      messageId: `<${kind}.${subjectId}.sms${copy}@${mailFrom.split('@')[1]}>`,
      from: { name: 'Shop', address: mailFrom },
      to: { name: '', address: `${recipient}@${GATEWAY}` },
      subject: 'SMS',
      text,
      headers: headersOf(notice),
      signal,
    })
  },
})
