import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { TlsProxy } from '@order-saga/common/testing'
import { type Catcher, startCatcher } from '../catcher/start-catcher'

const directory = mkdtempSync(join(tmpdir(), 'tls-'))
const authority = join(directory, 'authority.pem')
let catcher: Catcher
let proxy: TlsProxy
beforeEach(async () => {
  catcher = await startCatcher({ smtpPort: 0, webPort: 0, auditFile: join(directory, 'received.ndjson') })
  proxy = await TlsProxy.to('127.0.0.1', Number(new URL(catcher.smtpUrl).port))
  writeFileSync(authority, proxy.cert)
})
afterEach(async () => {
  await proxy.close()
  await catcher.close()
})
afterAll(() => rmSync(directory, { recursive: true }))

/** Node reads the authorities it is to know when it starts: a process of its own, which runs what was compiled. */
async function mailFrom(env: Record<string, string>): Promise<string> {
  const mail = { from: 'orders@shop.example', to: 'ada@example.com', text: 'Thank you' }
  const script = `const smtp = require('./dist/smtp').openSmtp(process.env.SMTP_URL)
    smtp.sendMail(${JSON.stringify(mail)}).then(() => console.log('sent'), ({ message }) => console.log(message)).finally(() => smtp.close())`
  const child = spawn(process.execPath, ['-e', script], {
    cwd: join(__dirname, '..'),
    env: { SMTP_URL: proxy.through(catcher.smtpUrl, 'smtps:'), ...env },
  })
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return said.trim()
}
const received = async () =>
  ((await (await fetch(`${catcher.webUrl}/api/v1/messages`)).json()) as { total: number }).total

it('a mail goes out over TLS to a server whose authority is known', async () => {
  expect(await mailFrom({ NODE_EXTRA_CA_CERTS: authority })).toBe('sent')
  expect(await received()).toBe(1)
})

it('a mail server whose authority is unknown hears nothing from us', async () => {
  expect(await mailFrom({})).toBe('self-signed certificate')
  expect(proxy.bytesForwarded).toBe(0)
  expect(await received()).toBe(0)
})
