const isColoured = process.stdout.isTTY && process.env.NO_COLOR === undefined

const paint = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text)

export const bold = paint(1)
export const dim = paint(2)
export const red = paint(31)
export const green = paint(32)
export const yellow = paint(33)
export const cyan = paint(36)

export const say = (line = ''): void => void process.stdout.write(`${line}\n`)

/** One step of the story. */
export const step = (line: string): void => say(`  ${cyan('→')} ${line}`)

export class ClaimFailed extends Error {}

/** A sentence that must be true. The scenario ends with the first that is not. */
export function claim(isTrue: boolean, sentence: string): void {
  say(`  ${isTrue ? green('✓') : red('✗')} ${sentence}`)
  if (!isTrue) throw new ClaimFailed(sentence)
}

export const money = (minor: number | null, currency: string): string =>
  minor === null ? '–' : new Intl.NumberFormat('en', { style: 'currency', currency }).format(minor / 100)
