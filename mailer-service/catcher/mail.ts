import { randomBytes } from 'node:crypto'
import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime'

export interface Mailbox {
  Name: string
  Address: string
}

interface Part {
  FileName: string
  ContentType: string
  ContentID: string
  Size: number
}

/** A received mail under the names of Mailpit's REST API, so that both can stand behind the same tests and demo. */
export interface Mail {
  ID: string
  MessageID: string
  From: Mailbox
  To: Mailbox[]
  Cc: Mailbox[]
  Bcc: Mailbox[]
  ReplyTo: Mailbox[]
  ReturnPath: string
  Subject: string
  /** When the sender says it was written; `Created` is when it arrived. */
  Date: string
  Created: string
  Tags: string[]
  Text: string
  HTML: string
  Size: number
  Attachments: Part[]
  Inline: Part[]
  headers: Record<string, string[]>
}

/** How its text begins. */
export const snippetOf = ({ Text }: Mail): string => Text.replace(/\s+/g, ' ').trim().slice(0, 250)

export interface Envelope {
  from: string
  to: string[]
}

export async function readMail(raw: Buffer, envelope: Envelope): Promise<Mail> {
  const email = await PostalMime.parse(raw)
  const created = new Date().toISOString()
  return {
    ID: randomBytes(16).toString('base64url'),
    MessageID: (email.messageId ?? '').replace(/^<|>$/g, ''),
    ...addressesOf(email, envelope),
    ReturnPath: envelope.from,
    Subject: email.subject ?? '',
    Date: email.date ?? created,
    Created: created,
    Tags: [],
    Text: email.text ?? '',
    HTML: email.html ?? '',
    Size: raw.length,
    Attachments: email.attachments.filter((attachment) => !isInline(attachment)).map(part),
    Inline: email.attachments.filter(isInline).map(part),
    headers: headersOf(email),
  }
}

function addressesOf(email: Email, envelope: Envelope): Pick<Mail, 'From' | 'To' | 'Cc' | 'Bcc' | 'ReplyTo'> {
  const visible = { To: mailboxes(email.to), Cc: mailboxes(email.cc) }
  const named = new Set([...visible.To, ...visible.Cc].map(({ Address }) => Address.toLowerCase()))
  const hidden = envelope.to.filter((address) => !named.has(address.toLowerCase()))
  return {
    From: mailboxes(email.from && [email.from])[0] ?? { Name: '', Address: envelope.from },
    ...visible,
    Bcc: hidden.map((address) => ({ Name: '', Address: address })),
    ReplyTo: mailboxes(email.replyTo),
  }
}

const mailboxes = (list: Address[] = []): Mailbox[] =>
  list.flatMap((entry) => entry.group ?? [entry]).map(({ name, address }) => ({ Name: name, Address: address }))

const isInline = ({ disposition, related }: Attachment) => related === true || disposition === 'inline'

const part = ({ filename, mimeType, contentId, content }: Attachment): Part => ({
  FileName: filename ?? '',
  ContentType: mimeType,
  ContentID: (contentId ?? '').replace(/^<|>$/g, ''),
  Size: typeof content === 'string' ? content.length : content.byteLength,
})

function headersOf({ headers }: Email): Record<string, string[]> {
  const byName: Record<string, string[]> = {}
  for (const { key, value } of headers) {
    const name = key.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
    byName[name] = [...(byName[name] ?? []), value]
  }
  return byName
}
