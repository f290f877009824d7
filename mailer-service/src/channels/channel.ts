import type { Traceparent } from '@order-saga/common'
import type { ChannelName, Mail } from '../domain/mail'

/** What one of the channels is to bring somebody. */
export interface Notice extends Mail {
  /** An address or a number, as the channel takes it. */
  readonly recipient: string
  readonly name: string
  /** How often an administrator had it sent once more. */
  readonly resends: number
  /** When this service heard of it. */
  readonly createdAt: Date
  /** Under which it is sent. */
  readonly traceparent?: Traceparent | null | undefined
}

/** A way to reach somebody. */
export interface Channel {
  /** Resolves when the other side has taken it; rejects with an error that `afterFailure` can judge. */
  send(notice: Notice, signal: AbortSignal): Promise<unknown>
}

/** A new one is added here, in `channelNames`, in the table of mails and in what is due to whom (`due-mails.ts`). */
export type Channels = Readonly<Record<ChannelName, Channel>>
