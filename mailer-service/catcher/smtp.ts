import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { Faults } from '@order-saga/common/testing/faults'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { FaultMode } from './faults'
import { type Mail, readMail } from './mail'

interface Smtp {
  port: number
  host: string
  faults: Faults<FaultMode>
  slowMs: number
  /** What it resolves for has been received, whatever the sender hears of it. */
  receive(mail: Mail): Promise<void>
}

class Refused extends Error {
  constructor(readonly responseCode: number) {
    super(responseCode < 500 ? 'try again later' : 'no such mailbox')
  }
}

/** Takes any mail from anybody, unencrypted: it listens where only a developer's own programs reach it. */
export async function startSmtp(options: Smtp): Promise<{ port: number; close(): Promise<void> }> {
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 500, // ms: senders keep idle connections open, which must not hold up the end
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anybody' }),
    onData: (stream, session, done) => {
      take(options, stream, session).then(
        (mode) => (mode === 'drop-after-data' ? drop(server, session) : done()),
        (error: Error) => done(error),
      )
    },
  })
  server.on('error', () => undefined) // a client that went away
  const listener = server.listen(options.port, options.host)
  await once(listener, 'listening')
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  return { port: (listener.address() as AddressInfo).port, close }
}

async function take(options: Smtp, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<FaultMode> {
  const raw = await buffer(stream)
  const mode = options.faults.next()
  if (mode === '451' || mode === '550') throw new Refused(Number(mode))
  const { mailFrom, rcptTo } = session.envelope
  const from = mailFrom ? mailFrom.address : ''
  await options.receive(await readMail(raw, { from, to: rcptTo.map(({ address }) => address) }))
  if (mode === 'slow') await pause(options.slowMs)
  return mode
}

function drop(server: SMTPServer, { id }: SMTPServerSession): void {
  for (const connection of server.connections) if (connection.id === id) connection.close()
}
