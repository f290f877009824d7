import { compose } from '../domain/compose'
import type { Send } from '../smtp'
import type { Channel } from './channel'
import { headersOf } from './headers'

export const byMail = (send: Send, mailFrom: string): Channel => ({
  send: (notice, signal) => {
    const { kind, subjectId, resends, recipient, name } = notice
    const copy = resends > 0 ? `.${resends}` : ''
    return send({
      // the same for every attempt: a second copy is recognised as one, unless somebody wants it
      messageId: `<${kind}.${subjectId}${copy}@${mailFrom.split('@')[1]}>`,
      from: { name: 'Shop', address: mailFrom },
      // an object is one address and nothing else; a name is somebody's own text, which headers do without
      to: { name: '', address: recipient },
      ...compose(notice, name),
      headers: headersOf(notice),
      signal,
    })
  },
})
