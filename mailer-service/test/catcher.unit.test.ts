import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { type Catcher, startCatcher } from '../catcher/start-catcher'

let directory: string
let auditFile: string
let catcher: Catcher

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'catcher-'))
  auditFile = join(directory, 'received.ndjson')
  catcher = await startCatcher({ smtpPort: 0, webPort: 0, auditFile, keep: 3, slowMs: 200 })
})

afterEach(async () => {
  await catcher.close()
  rmSync(directory, { recursive: true })
})

async function send(mail: SendMailOptions = {}): Promise<string> {
  const transport = createTransport(catcher.smtpUrl)
  const to = 'Ada <ada@example.com>'
  const sent = await transport.sendMail({
    from: 'Shop <shop@example.com>',
    to,
    subject: 'Receipt',
    text: 'Hi',
    ...mail,
  })
  return sent.messageId
}

const get = (path: string) => fetch(`${catcher.webUrl}${path}`)

interface Summary {
  total: number
  unread: number
  messages_count: number
  messages: { ID: string; MessageID: string; Subject: string; Read: boolean; Snippet: string }[]
}
const list = async (path = '/api/v1/messages') => (await (await get(path)).json()) as Summary
const search = (query: string) => list(`/api/v1/search?query=${encodeURIComponent(query)}`)
const fault = (mode: string, count?: number) =>
  fetch(`${catcher.webUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode, count }),
  })

describe('a mail', () => {
  it('is listed and read under the names of the API it imitates', async () => {
    const html = '<b>Hi</b>'
    await send({ subject: 'Grüße', text: 'Hello\nAda', html, messageId: '<order.1@shop>', bcc: 'eve@example.com' })
    const { messages, ...counts } = await list()
    expect(counts).toMatchObject({ total: 1, unread: 1, count: 1, messages_count: 1, messages_unread: 1, start: 0 })
    expect(messages).toMatchObject([
      { MessageID: 'order.1@shop', Subject: 'Grüße', Read: false, Snippet: 'Hello Ada', Attachments: 0, Tags: [] },
    ])
    const message = await (await get(`/api/v1/message/${messages[0]?.ID}`)).json()
    expect(message).toMatchObject({
      From: { Name: 'Shop', Address: 'shop@example.com' },
      To: [{ Name: 'Ada', Address: 'ada@example.com' }],
      Bcc: [{ Name: '', Address: 'eve@example.com' }],
      ReturnPath: 'shop@example.com',
      Text: 'Hello\nAda\n',
      HTML: '<b>Hi</b>\n',
    })
    expect(await list()).toMatchObject({ unread: 0, messages: [{ Read: true }] })
  })

  it('shows its headers, each with all its values', async () => {
    await send({
      messageId: '<order.1@shop>',
      headers: [
        { key: 'X-Order', value: '1' },
        { key: 'X-Order', value: '2' },
      ],
    })
    const headers = await (await get('/api/v1/message/latest/headers')).json()
    expect(headers).toMatchObject({ 'Message-Id': ['<order.1@shop>'], 'X-Order': ['1', '2'] })
  })

  it('tells attachments from pictures in the text', async () => {
    const file = { filename: 'receipt.pdf', content: 'pdf' }
    const picture = { filename: 'logo.png', content: 'png', cid: 'logo', contentDisposition: 'inline' as const }
    await send({ html: '<img src="cid:logo">', attachments: [file, picture] })
    expect(await (await get('/api/v1/message/latest')).json()).toMatchObject({
      Attachments: [{ FileName: 'receipt.pdf', ContentType: 'application/pdf', Size: 3 }],
      Inline: [{ FileName: 'logo.png', ContentID: 'logo' }],
    })
  })

  it('unknown is 404', async () => {
    for (const path of ['/api/v1/message/none', '/api/v1/message/none/headers', '/view/none']) {
      expect((await get(path)).status).toBe(404)
    }
  })
})

describe('the list', () => {
  it('is newest first, in pages, and keeps the last mails only', async () => {
    for (const subject of ['1', '2', '3', '4']) await send({ subject })
    expect((await list()).messages.map(({ Subject }) => Subject)).toEqual(['4', '3', '2'])
    const page = await list('/api/v1/messages?start=1&limit=1')
    expect(page).toMatchObject({ total: 3, messages_count: 3, messages: [{ Subject: '3' }] })
  })

  it.each([
    ['to:"ada@example.com"', 1],
    ['to:ADA', 1],
    ['subject:"your receipt"', 1],
    ['message-id:"<order.1@shop>"', 1],
    ['from:shop subject:receipt', 2],
    ['to:"bob@example.com" subject:"order 2"', 1],
    ['to:"ada@example.com" subject:"order 2"', 0],
    ['unicorn', 1],
    ['nothing', 0],
  ])('found by %s: %d', async (query, count) => {
    await send({ subject: 'Your receipt 1', messageId: '<order.1@shop>' })
    await send({ to: 'bob@example.com', subject: 'Receipt, order 2', text: 'One unicorn', messageId: '<order.2@shop>' })
    expect(await search(query)).toMatchObject({ total: 2, messages_count: count })
  })

  it('loses the mails named, or all', async () => {
    for (const subject of ['1', '2', '3']) await send({ subject })
    const [newest] = (await list()).messages
    const remove = (body?: object) =>
      fetch(`${catcher.webUrl}/api/v1/messages`, {
        method: 'DELETE',
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
    await remove({ IDs: [newest?.ID] })
    expect((await list()).messages.map(({ Subject }) => Subject)).toEqual(['2', '1'])
    await remove()
    expect(await list()).toMatchObject({ total: 0, messages: [] })
  })
})

describe('the inbox', () => {
  const evil = '<script>alert(1)</script>'

  it('shows what a stranger wrote as text, never as markup', async () => {
    await send({ subject: evil, to: `"${evil}" <ada@example.com>`, text: evil })
    const [mail] = (await list()).messages
    for (const path of ['/', `/?query=${encodeURIComponent(evil)}`, `/view/${mail?.ID}`]) {
      const page = await get(path)
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await page.text()).not.toContain('<script')
    }
  })

  it('shows HTML in a sandbox from which nothing is fetched', async () => {
    await send({ html: `<b>Hi</b>${evil}` })
    const [mail] = (await list()).messages
    expect(await (await get(`/view/${mail?.ID}`)).text()).toContain(`<iframe sandbox src="/view/${mail?.ID}.html"`)
    const framed = await get(`/view/${mail?.ID}.html`)
    expect(framed.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
  })
})

describe('a fault', () => {
  it.each([451, 550])('%d refuses the next mail and keeps nothing of it', async (responseCode) => {
    await fault(String(responseCode), 1)
    await expect(send()).rejects.toMatchObject({ responseCode })
    expect(await list()).toMatchObject({ total: 0 })
    await send()
    expect(await list()).toMatchObject({ total: 1 })
  })

  it('drop-after-data takes the mail and never says so', async () => {
    await fault('drop-after-data', 1)
    await expect(send({ messageId: '<order.1@shop>' })).rejects.toThrow()
    await send({ messageId: '<order.1@shop>' })
    expect((await search('message-id:order.1@shop')).messages_count).toBe(2)
  })

  it('slow answers later', async () => {
    await fault('slow', 1)
    const begun = performance.now()
    await send()
    expect(performance.now() - begun).toBeGreaterThanOrEqual(200)
  })
})

it('notes every mail for auditors, also those the inbox has dropped', async () => {
  for (const id of [1, 2, 3, 4]) await send({ messageId: `<order.${id}@shop>`, bcc: 'eve@example.com' })
  const lines = readFileSync(auditFile, 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject(
    [1, 2, 3, 4].map((id) => ({ MessageID: `order.${id}@shop`, to: ['ada@example.com', 'eve@example.com'] })),
  )
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ Subject: 'Receipt', Snippet: 'Hi' })
  expect(await (await get('/received.ndjson')).text()).toBe(readFileSync(auditFile, 'utf8'))
})

it('says that it lives', async () => {
  for (const path of ['/livez', '/readyz']) expect((await get(path)).status).toBe(200)
})
