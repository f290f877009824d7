import { oneLine } from './foreign-text'
import { asHtml, asText } from './layout'
import { letters } from './letters'
import type { Kind, Mail } from './mail'
import { timeOf } from './time'

export interface Composed {
  readonly subject: string
  readonly text: string
  readonly html: string
}

type Written<K extends Kind> = Pick<Mail<K>, 'kind' | 'facts'> & {
  /** When this service heard of it. */
  readonly createdAt: Date
}

/** Names of people and products come from outside: only the body shows them, on one line, escaped in its HTML. */
export function compose<K extends Kind>({ kind, facts, createdAt }: Written<K>, name: string): Composed {
  const letter = letters[kind](facts)
  const frame = {
    letter,
    greeting: `Hello ${name},`,
    footer: `Written on ${timeOf(createdAt)} by our shop, by itself: nobody reads answers to this mail.`,
  }
  return { subject: oneLine(letter.subject), text: asText(frame), html: asHtml(frame) }
}

/** The text of an SMS; undefined: this is nothing for an SMS. */
export function composeShort<K extends Kind>({ kind, facts }: Pick<Mail<K>, 'kind' | 'facts'>): string | undefined {
  const { inShort } = letters[kind](facts)
  return inShort && oneLine(inShort)
}
