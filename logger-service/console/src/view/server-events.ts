/** One event of a text/event-stream. */
export interface ServerEvent {
  readonly name: string
  readonly id: string | null
  readonly data: string
}

/** Takes the stream piece by piece, however it was cut, and gives the events that are complete. */
export class ServerEvents {
  #rest = ''

  push(piece: string): ServerEvent[] {
    // a CR at the end may be the first half of a line break
    const text = this.#rest + piece
    const held = text.endsWith('\r') ? '\r' : ''
    const blocks = text
      .slice(0, text.length - held.length)
      .replace(/\r\n?/g, '\n')
      .split('\n\n')
    this.#rest = (blocks.pop() ?? '') + held
    return blocks.map(parseBlock).filter((event) => event !== null)
  }
}

function parseBlock(block: string): ServerEvent | null {
  let name = 'message'
  let id: string | null = null
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
    if (field === 'event') name = value
    if (field === 'id') id = value
    if (field === 'data') data.push(value)
  }
  return data.length > 0 ? { name, id, data: data.join('\n') } : null
}
