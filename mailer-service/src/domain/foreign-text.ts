// overrides, embeddings, isolates, and spaces without width: they can make a price read as another
const DECEPTIVE = /[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
const numberOf = (character: string) => `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`

/** What somebody else wrote, where it cannot begin a line of its own or turn others around. */
export const oneLine = (text: string): string =>
  text
    .replace(DECEPTIVE, numberOf)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** The same as text in HTML, in attributes as well. */
export const html = (text: string): string => oneLine(text).replace(/[&<>"']/g, (character) => escapes[character] ?? '')
