import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Database, type Envelope, type Id, Metrics, nobodyTold, silent, statement } from '@order-saga/common'
import { testDatabase } from '@order-saga/common/testing'
import { Settler } from '../../common/src/messaging/settler'
import { startCatcher } from '../catcher/start-catcher'
import { participant } from '../src'
import { channelsOver } from '../src/channels'
import { mailerSaga } from '../src/saga'
import { openSmtp, type Send } from '../src/smtp'
import { sendDueMails } from '../src/use-cases/send-mails'

export interface MailState {
  readonly kind: string
  readonly subject_id: Id
  readonly channel: string
  readonly state: string
  readonly attempts: number
  readonly reason: string | null
}

interface Mailbox {
  readonly Name: string
  readonly Address: string
}

export interface Received {
  readonly ID: string
  readonly MessageID: string
  readonly Subject: string
  readonly To: Mailbox[]
  readonly Cc: Mailbox[]
  /** Who got it without being named in it. */
  readonly Bcc: Mailbox[]
}

const allMails = statement<MailState>(
  'all-mails',
  'SELECT kind, subject_id, channel, state, attempts, reason FROM mails ORDER BY subject_id, kind, channel',
)
const endWaits = statement('end-waits', 'UPDATE mails SET next_attempt_at = now()')
const empty = statement(
  'empty',
  'WITH m AS (DELETE FROM mails), d AS (DELETE FROM dead_letters), r AS (DELETE FROM mail_resends), i AS (DELETE FROM inbox) DELETE FROM addresses',
)

/** The service's part of the saga over a real database, with a mail server that delivers to nobody. */
export async function startMailer() {
  const directory = mkdtempSync(join(tmpdir(), 'mailer-'))
  const auditFile = join(directory, 'received.ndjson')
  const catcher = await startCatcher({ smtpPort: 0, webPort: 0, auditFile, slowMs: 200 })
  const db = await testDatabase(participant)
  const database = new Database({ service: 'mailer-service', url: db.url })
  let wakes = 0
  const saga = mailerSaga(() => {
    wakes += 1
  })
  const metrics = new Metrics('mailer-service')
  const settler = new Settler({ database, saga, metrics, log: silent })
  const smtp = openSmtp(catcher.smtpUrl)
  const deliver: Send = (mail) => smtp.sendMail(mail)
  const call = (path: string, init?: RequestInit) => fetch(`${catcher.webUrl}${path}`, init)
  return {
    catcher,
    db,
    database,
    deliver,
    wakes: () => wakes,
    hear: (...events: Envelope[]) =>
      settler.settle(
        events.map((one) => ({ event: one, brokerUser: one.source })),
        [],
      ),
    send: (using: { database?: Database; deliver?: Send } = {}) =>
      sendDueMails({
        database: using.database ?? database,
        log: silent,
        lines: nobodyTold,
        channels: channelsOver(using.deliver ?? deliver, 'orders@shop.example'),
      }),
    mails: () => database.query(allMails),
    /** Lets every lease and every backoff end now. */
    endWaits: () => database.execute(endWaits),
    ignored: async (reason: string) => {
      const { values } = await metrics.events.get()
      const found = values.filter(({ labels }) => labels.outcome === 'ignored' && labels.reason === reason)
      return found.reduce((sum, { value }) => sum + value, 0)
    },
    received: async (query = '') => {
      const answer = await call(`/api/v1/search?limit=1000&query=${encodeURIComponent(query)}`)
      return ((await answer.json()) as { messages: Received[] }).messages
    },
    /** As it came: text and HTML. */
    contentOf: async ({ ID }: Received) =>
      (await (await call(`/api/v1/message/${ID}`)).json()) as { Text: string; HTML: string },
    headersOf: async ({ ID }: Received) =>
      (await (await call(`/api/v1/message/${ID}/headers`)).json()) as Record<string, string[]>,
    fault: (mode: string, count: number) =>
      call('/faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode, count }),
      }),
    reset: async () => {
      await call('/api/v1/messages', { method: 'DELETE' })
      await database.execute(empty)
      metrics.events.reset()
      wakes = 0
    },
    close: async () => {
      smtp.close()
      await database.close()
      await catcher.close()
      await db.drop()
      rmSync(directory, { recursive: true })
    },
  }
}

export type Mailer = Awaited<ReturnType<typeof startMailer>>
