const QUOTE = 0x22
const BACKSLASH = 0x5c
const opens = (char: number) => char === 0x5b || char === 0x7b
const closes = (char: number) => char === 0x5d || char === 0x7d

/** Whether JSON text nests deeper than that, told without parsing it. */
export function isDeeperThan(limit: number, json: string): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at)
    if (char === QUOTE) isInString = !isInString
    else if (isInString) {
      if (char === BACKSLASH) at++
    } else if (opens(char)) {
      if (++depth > limit) return true
    } else if (closes(char)) depth--
  }
  return false
}
