export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

type Cell = string | number

export interface TableRow {
  readonly cells: readonly Cell[]
  readonly isBad?: boolean
}

export function table(head: readonly string[], rows: readonly TableRow[]): string {
  const cellsOf = (cells: readonly Cell[]) => cells.map((cell) => `<td>${escaped(String(cell))}</td>`).join('')
  return `<table><thead><tr>${head.map((cell) => `<th>${escaped(cell)}</th>`).join('')}</tr></thead><tbody>
${rows.map(({ cells, isBad }) => `<tr${isBad ? ' class="bad"' : ''}>${cellsOf(cells)}</tr>`).join('\n')}
</tbody></table>`
}

const style = `
body { font: 14px/1.45 system-ui, sans-serif; max-width: 1140px; margin: 2rem auto; padding: 0 1rem; color: #1f2937 }
table { border-collapse: collapse; margin: .5rem 0 1.5rem } th, td { text-align: left; padding: .15rem .9rem .15rem 0; border-bottom: 1px solid #e5e7eb }
.bad td { color: #b91c1c; font-weight: 600 } .good { color: #047857 } .wrong { color: #b91c1c }
svg { width: 100%; font: 10px system-ui, sans-serif } .dim { fill: #6b7280 } .axis { stroke: #d1d5db } .bar { fill: #2563eb; opacity: .8 }
.fault { fill: #dc2626; opacity: .75 } .missed { fill: #9ca3af }
code { background: #f3f4f6; padding: .1rem .3rem }`

export interface Page {
  readonly title: string
  readonly heading: string
  readonly summary: string
  readonly command: string
  /** HTML. */
  readonly verdict: string
  readonly body: string
}

/** A whole report in one file that asks for nothing from anywhere. */
export function page({ title, heading, summary, command, verdict, body }: Page): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style>
<h1>${escaped(heading)}</h1>
<p>${escaped(summary)}</p><p><code>${escaped(command)}</code></p>${verdict}
${body}</html>\n`
}

/** What went well in a sentence, or what is wrong, a line each. */
export const verdictHtml = (wrongs: readonly string[], good: string): string =>
  wrongs.length === 0
    ? `<p class="good">${escaped(good)}</p>`
    : `<ul class="wrong">${wrongs.map((wrong) => `<li>${escaped(wrong)}</li>`).join('')}</ul>`
