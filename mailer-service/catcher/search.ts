import type { Mail, Mailbox } from './mail'

const texts = (mailboxes: Mailbox[]) => mailboxes.map(({ Name, Address }) => `${Name} ${Address}`).join(' ')

const fields: Record<string, (mail: Mail) => string> = {
  to: (mail) => texts(mail.To),
  from: (mail) => texts([mail.From]),
  subject: (mail) => mail.Subject,
  'message-id': (mail) => mail.MessageID,
}

const anywhere = (mail: Mail) =>
  [texts([mail.From, ...mail.To, ...mail.Cc]), mail.Subject, mail.MessageID, mail.Text].join(' ')

/** Part of Mailpit's search language: words and `field:value`, quoted or not, all of which must be found. */
export function matcher(query: string): (mail: Mail) => boolean {
  const terms = [...query.matchAll(/(?:([a-z-]+):)?(?:"([^"]*)"|(\S+))/gi)].map(([term, field = '', quoted, word]) => {
    const read = fields[field.toLowerCase()]
    const value = read || !field ? (quoted ?? word ?? '') : term
    return { read: read ?? anywhere, value: value.replace(/^<|>$/g, '').toLowerCase() }
  })
  return (mail) => terms.every(({ read, value }) => read(mail).toLowerCase().includes(value))
}
