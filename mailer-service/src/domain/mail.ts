import {
  changed,
  type DataOf,
  type Decision,
  type Id,
  ignored,
  type orderCancelled,
  type orderPaid,
  type paymentRefunded,
  type userPasswordResetRequested,
} from '@order-saga/common'

/** What each kind of mail is written from. The recipient comes from the address book, when it is sent. */
export interface Facts {
  welcome: Record<string, never>
  receipt: DataOf<typeof orderPaid>
  cancellation: DataOf<typeof orderCancelled>
  refund: DataOf<typeof paymentRefunded>
  password_reset: Pick<DataOf<typeof userPasswordResetRequested>, 'code' | 'expiresAt'>
}

export const kinds = ['welcome', 'receipt', 'cancellation', 'refund', 'password_reset'] as const
export type Kind = (typeof kinds)[number]

/** How a mail can reach somebody. */
export const channelNames = ['mail', 'sms'] as const
export type ChannelName = (typeof channelNames)[number]

/** What goes by SMS as well to whoever wants that: news of orders. */
export const shortKinds: readonly Kind[] = ['receipt', 'cancellation', 'refund']

/** Written from what opens something: that is forgotten as soon as nothing is left to send. */
export const secretKinds: readonly Kind[] = ['password_reset']

export interface Mail<K extends Kind = Kind> {
  readonly kind: K
  /** The order, user or request it is about: nobody ever gets two mails of one kind about one thing. */
  readonly subjectId: Id
  readonly userId: Id
  readonly facts: Facts[K]
}

export const writeOnce = (known: Mail | null | undefined, mail: Mail): Decision<Mail> =>
  known ? ignored('mail_exists') : changed(mail)

export interface Address {
  /** null: forgotten, and so is the name. */
  readonly email: string | null
  readonly name: string | null
  /** null: no SMS is wanted. */
  readonly smsNumber: string | null
  readonly version: number
}

export const learn = (known: Address | null | undefined, address: Address): Decision<Address> =>
  known && (known.email === null || known.version >= address.version) ? ignored('older_version') : changed(address)

/** For good: what is told of them later, or was told before and comes late, is older. */
export function forget(known: Address | null | undefined, version: number): Decision<Address> {
  if (known?.email === null) return ignored('forgotten')
  return changed({ email: null, name: null, smsNumber: null, version: Math.max(version, known?.version ?? 0) })
}
