import type { Id, OwnWork } from '@order-saga/common'
import type { Delivery } from './delivery'
import { type ChannelName, type Kind, secretKinds } from './mail'

/** Why a mail is a dead letter. */
export const MAIL_REFUSED = 'mail_refused'

/** What makes a mail that mail, and no other. */
export interface MailName {
  readonly subjectId: Id
  readonly kind: Kind
  readonly channel: ChannelName
}

/** The same as a dead letter has it. */
export const asWork = ({ kind, subjectId, channel }: MailName): OwnWork => ({
  type: kind,
  subject: subjectId,
  source: channel,
})

export const ofWork = ({ type, subject, source }: OwnWork): MailName => ({
  kind: type as Kind,
  subjectId: subject,
  channel: source as ChannelName,
})

export interface Settled {
  readonly kind: Kind
  readonly state: Delivery['state']
  /** Of the recipient nothing is left. */
  readonly isForgotten: boolean
}

export const obstacles = ['mail-is-due', 'mail-not-kept', 'recipient-forgotten'] as const
export type Obstacle = (typeof obstacles)[number]

/** Why a mail cannot be sent once more; undefined: it can. */
export function obstacleTo({ kind, state, isForgotten }: Settled): Obstacle | undefined {
  if (isForgotten) return 'recipient-forgotten'
  if (secretKinds.includes(kind)) return 'mail-not-kept'
  return state === 'due' ? 'mail-is-due' : undefined
}
