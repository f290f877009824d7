import { setTimeout as pause } from 'node:timers/promises'
import {
  Coalescer,
  classify,
  type Database,
  failpoint,
  type Log,
  type TellLines,
  type TracedCall,
  type Tracing,
  tracedCall,
} from '@order-saga/common'
import type { Channels } from '../channels/channel'
import { type Attempted, type Leased, leaseDueMails, recordDeliveries } from '../db/due-mails'
import { afterFailure, type Delivery, type SmtpError, sent } from '../domain/delivery'
import { shortKinds } from '../domain/mail'
import { giveUp } from './give-up-mail'

export interface Sender {
  readonly database: Database
  readonly log: Log
  readonly channels: Channels
  /** Hears what became of each mail. */
  readonly lines: TellLines
  readonly tracing?: Tracing | undefined
}

const BATCH = 50
// outcomes that come one after the other are recorded together: nobody waits for them
const GATHER_MS = 20
// longer than a send may take, so that no mail is leased twice while somebody still sends it
const LEASE_MS = 30_000
const SEND_TIMEOUT_MS = 10_000
// a run ends in time for a shutdown, whatever is left to send
const RUN_MS = 3_000
// a restart of PostgreSQL takes one or two seconds
const RECORD_WITHIN_MS = 10_000
const RECORD_RETRY_MS = 100

type Outcomes = Coalescer<Attempted, undefined>

/**
 * Sends what is due, at least once each. Outcomes that come in while others are being written are written together: a
 * crash in between costs a second copy of those mails, under the Message-ID of the first.
 */
export async function sendDueMails(sender: Sender): Promise<void> {
  const end = performance.now() + RUN_MS
  const outcomes: Outcomes = new Coalescer((set) => recordSet(sender, set), { maxSize: BATCH, gatherMs: GATHER_MS })
  let mails: Leased[]
  do {
    mails = await leaseDueMails(sender.database, BATCH, LEASE_MS)
    await Promise.all(mails.map((mail) => deliver(sender, outcomes, mail)))
  } while (mails.length > 0 && performance.now() < end)
}

async function deliver(sender: Sender, outcomes: Outcomes, mail: Leased): Promise<void> {
  const delivery = await attempt(sender, mail)
  await outcomes.submit({ mail, delivery })
  const { kind, channel, subjectId, attempts, correlationId } = mail
  const level = { sent: 'debug', due: 'warn', failed: 'error' } as const
  const lineLevel = { ...level, sent: 'info' } as const
  const { state, reason } = delivery
  const fields = { mail: kind, channel, subjectId, state, attempt: attempts, reason }
  const message = `mail is ${state}`
  sender.log[level[state]]({ kind: 'mail', ...fields, correlationId }, message)
  const orderId = shortKinds.includes(kind) ? subjectId : undefined
  sender.lines.tell({ level: lineLevel[state], kind: 'mail', message, fields, orderId, requestId: correlationId })
}

/** The mail server has them: an outcome that is not recorded costs a second copy, so a lost connection is tried again. */
async function recordSet({ database }: Sender, set: readonly Attempted[]): Promise<undefined[]> {
  const end = performance.now() + RECORD_WITHIN_MS
  for (;;) {
    try {
      const goOn = set.filter(({ delivery }) => delivery.state !== 'failed')
      if (goOn.length > 0) await recordDeliveries(database, goOn)
      for (const one of set) if (!goOn.includes(one)) await database.transaction((tx) => giveUp(tx, one))
      return set.map(() => undefined)
    } catch (error) {
      if (classify(error) !== 'infrastructure' || performance.now() > end) throw error
      await pause(RECORD_RETRY_MS)
    }
  }
}

const spanOf = ({ kind, channel, subjectId, attempts }: Leased): TracedCall<unknown> => ({
  name: `send ${kind}`,
  attributes: { 'shop.subject': subjectId, 'shop.mail.channel': channel, 'shop.mail.attempt': attempts },
})

async function attempt({ channels, tracing }: Sender, mail: Leased): Promise<Delivery> {
  const { kind, channel, attempts } = mail
  failpoint('mail.before_send', [kind])
  // not AbortSignal.timeout, which keeps the mail and goes off long after it was sent
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), SEND_TIMEOUT_MS)
  try {
    const parent = mail.traceparent ?? undefined
    await tracedCall(tracing, parent, spanOf(mail), (traceparent) =>
      channels[channel].send({ ...mail, traceparent }, tooLate.signal),
    )
    failpoint('mail.accepted', [kind])
    return sent
  } catch (error) {
    return afterFailure(error as SmtpError, attempts)
  } finally {
    clearTimeout(timer)
  }
}
