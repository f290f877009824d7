import { createReadStream, mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { type Mail, snippetOf } from './mail'

export interface AuditTrail {
  append(mail: Mail): Promise<void>
  /** Its lines as they are. */
  read(): Readable
  close(): Promise<void>
}

/** A line for every mail ever received, beyond what the inbox remembers: who got what, under which Message-ID. */
export async function openAuditTrail(file: string): Promise<AuditTrail> {
  mkdirSync(dirname(file), { recursive: true })
  const handle = await open(file, 'a')
  return {
    async append(mail) {
      const { ID, MessageID, Created, ReturnPath: from, To, Cc, Bcc, Subject, headers } = mail
      const to = [...To, ...Cc, ...Bcc].map(({ Address }) => Address)
      const Snippet = snippetOf(mail)
      await handle.appendFile(`${JSON.stringify({ ID, MessageID, Created, from, to, Subject, Snippet, headers })}\n`)
    },
    read: () => createReadStream(file),
    close: () => handle.close(),
  }
}
