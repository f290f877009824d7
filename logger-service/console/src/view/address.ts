/** Where in the console one is: kept in the part of the URL after `#`, so that every view can be sent to a colleague. */
export interface Address {
  readonly page: string
  readonly id: string | null
  readonly query: Readonly<Record<string, string>>
}

export function parseAddress(hash: string): Address {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page = '', id = ''] = path.split('/')
  return {
    page: page === '' ? 'sagas' : page,
    id: id === '' ? null : decode(id),
    query: Object.fromEntries(new URLSearchParams(search)),
  }
}

/** Leaves out what is empty. */
export function addressOf(page: string, id?: string | null, query: Readonly<Record<string, string>> = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '')
  const search = filled.length > 0 ? `?${new URLSearchParams(filled)}` : ''
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${search}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
