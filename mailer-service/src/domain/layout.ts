import { html, oneLine } from './foreign-text'
import type { Letter, Line } from './letters'

/** What every mail has besides what it says. */
export interface Frame {
  readonly letter: Letter
  readonly greeting: string
  readonly footer: string
}

export function asText({ letter: { paragraphs, lines = [] }, greeting, footer }: Frame): string {
  const list = lines.map(({ what, amount }) => `  ${oneLine(amount === undefined ? what : `${what}: ${amount}`)}`)
  const blocks = [...[greeting, ...paragraphs].map(oneLine), ...(list.length > 0 ? [list.join('\n')] : [])]
  // "-- " is where mail programs know a signature to begin
  return `${blocks.join('\n\n')}\n\n-- \n${oneLine(footer)}\n`
}

// mail programs know tables and styles in place; many drop a style sheet, and a picture would tell who reads when
const HEAD =
  '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
  '<meta name="color-scheme" content="light dark">'
const OPEN =
  '</head>\n<body style="margin:0;padding:24px;font:16px/1.5 system-ui,Helvetica,Arial,sans-serif">\n' +
  '<div style="max-width:560px;margin:0 auto">\n'
const CLOSE = '</div>\n</body></html>\n'
const CELL = 'padding:6px 0;border-top:1px solid #8884;vertical-align:top'

export function asHtml({ letter: { subject, paragraphs, lines = [] }, greeting, footer }: Frame): string {
  const said = [greeting, ...paragraphs].map((paragraph) => `<p>${html(paragraph)}</p>\n`).join('')
  const rows = lines.map(rowOf).join('')
  const table = rows && `<table style="width:100%;border-collapse:collapse">\n${rows}</table>\n`
  const below = `<p style="margin-top:32px;font-size:13px;opacity:.7">${html(footer)}</p>\n`
  return `${HEAD}<title>${html(subject)}</title>${OPEN}${said}${table}${below}${CLOSE}`
}

function rowOf({ what, amount = '', isTotal = false }: Line): string {
  const weight = isTotal ? ';font-weight:bold' : ''
  const right = `${CELL}${weight};text-align:right;white-space:nowrap`
  return `<tr><td style="${CELL}${weight}">${html(what)}</td><td style="${right}">${html(amount)}</td></tr>\n`
}
