import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Mail } from './mail'

export interface AuditTrail {
  append(mail: Mail): Promise<void>
  close(): Promise<void>
}

/** A line for every mail ever received, beyond what the inbox remembers: who got what, under which Message-ID. */
export async function openAuditTrail(file: string): Promise<AuditTrail> {
  mkdirSync(dirname(file), { recursive: true })
  const handle = await open(file, 'a')
  return {
    async append({ ID, MessageID, Created, ReturnPath, To, Cc, Bcc, headers }) {
      const to = [...To, ...Cc, ...Bcc].map(({ Address }) => Address)
      await handle.appendFile(`${JSON.stringify({ ID, MessageID, Created, from: ReturnPath, to, headers })}\n`)
    },
    close: () => handle.close(),
  }
}
