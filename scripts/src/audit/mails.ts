import { addTo } from './add-to'
import { jsonLines } from './json-lines'
import { fetchFrom } from './sources'

export const mailKinds = ['receipt', 'cancellation', 'refund'] as const
export type MailKind = (typeof mailKinds)[number]

/** A mail about an order, as the mail server took it. */
export interface Mail {
  readonly kind: MailKind
  readonly messageId: string
  readonly to: readonly string[]
  /** The digits of the amount it names: minor units. null: it names none, undefined: its text is not known. */
  readonly amount: number | null | undefined
}

interface Received {
  readonly MessageID: string
  readonly Subject: string
  readonly to: readonly string[]
  /** The beginning of its text. */
  readonly Snippet?: string
}

const uuid = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'
const subjects: readonly (readonly [MailKind, RegExp])[] = [
  ['receipt', new RegExp(`^Receipt for order (${uuid})$`)],
  ['cancellation', new RegExp(`^Order (${uuid}) is cancelled$`)],
  ['refund', new RegExp(`^Refund for order (${uuid})$`)],
]

/** Mails about orders, by order. */
export async function readMails(mailUrl: string): Promise<Map<string, Mail[]>> {
  const byOrder = new Map<string, Mail[]>()
  for await (const { MessageID, Subject, to, Snippet } of received(mailUrl))
    for (const [kind, pattern] of subjects) {
      const orderId = pattern.exec(Subject)?.[1]
      if (!orderId) continue
      addTo(byOrder, orderId, {
        kind,
        messageId: MessageID,
        to,
        amount: Snippet === undefined ? undefined : amountIn(Snippet, orderId),
      })
    }
  return byOrder
}

function amountIn(text: string, orderId: string): number | null {
  const named = new RegExp(`^.*(?:received|gave back) (.+?) for your order ${orderId}`).exec(text)?.[1]
  return named === undefined ? null : Number(named.replace(/\D/g, ''))
}

/** Our own mail catcher knows every mail it ever took; Mailpit those in its inbox. */
async function* received(mailUrl: string): AsyncGenerator<Received> {
  const trail = await fetchFrom('mail server', `${mailUrl}/received.ndjson`)
  if (trail.ok) yield* jsonLines<Received>(trail.body)
  else yield* inbox(mailUrl)
}

const PAGE = 1_000

async function* inbox(mailUrl: string): AsyncGenerator<Received> {
  type Address = { Address: string }
  type Message = Omit<Received, 'to'> & Record<'To' | 'Cc' | 'Bcc', Address[] | null>
  for (let start = 0; ; start += PAGE) {
    const response = await fetchFrom('mail server', `${mailUrl}/api/v1/messages?start=${start}&limit=${PAGE}`)
    const { messages } = (await response.json()) as { messages: Message[] }
    for (const { To, Cc, Bcc, ...mail } of messages)
      yield { ...mail, to: [To, Cc, Bcc].flatMap((list) => list ?? []).map(({ Address }) => Address) }
    if (messages.length < PAGE) return
  }
}
