import type { Mail, Mailbox } from './mail'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')

const style = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#666, #aaa) }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem } a { color: inherit } small, time, th { color: var(--soft) }
table { width: 100%; border-collapse: collapse } th { text-align: left; font-weight: normal; white-space: nowrap }
td, th { padding: .4rem .6rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
input { font: inherit; width: 100%; padding: .4rem .6rem; box-sizing: border-box; margin-bottom: 1rem }
iframe { width: 100%; height: 30rem; border: 1px solid var(--line); background: #fff }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
`

const page = (title: string, body: string, head = '') => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
<title>${escaped(title)}</title><style>${style}</style></head><body>${body}</body></html>`

const people = (mailboxes: Mailbox[]) =>
  escaped(mailboxes.map(({ Name, Address }) => (Name ? `${Name} <${Address}>` : Address)).join(', '))

const time = (iso: string) => `<time datetime="${escaped(iso)}">${escaped(iso.slice(0, 19).replace('T', ' '))}</time>`

export function listPage(mails: Mail[], query: string): string {
  const shown = mails.slice(0, 100)
  const rows = shown.map(
    (mail) => `<tr><td><a href="/view/${mail.ID}">${escaped(mail.Subject || '(no subject)')}</a><br>
<small>${people(mail.To)}</small></td><td>${time(mail.Created)}</td></tr>`,
  )
  const body = `<h1>Inbox <small>${shown.length} of ${mails.length}</small></h1>
<form><input name="query" value="${escaped(query)}" placeholder='to:"ada@example.com" subject:"receipt"'></form>
<table>${rows.join('')}</table>`
  return page('Inbox', body, '<meta http-equiv="refresh" content="5">')
}

export function mailPage(mail: Mail): string {
  const facts = { From: people([mail.From]), To: people(mail.To), Received: time(mail.Created) }
  const rows = Object.entries(facts).map(([name, html]) => `<tr><th>${name}</th><td>${html}</td></tr>`)
  const headers = Object.entries(mail.headers).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`))
  const html = mail.HTML ? `<iframe sandbox src="/view/${mail.ID}.html" title="HTML"></iframe>` : ''
  return page(
    mail.Subject,
    `<p><a href="/">Inbox</a></p><h1>${escaped(mail.Subject || '(no subject)')}</h1><table>${rows.join('')}</table>
${html}<pre>${escaped(mail.Text)}</pre>
<details><summary>Headers</summary><pre>${escaped(headers.join('\n'))}</pre></details>`,
  )
}
