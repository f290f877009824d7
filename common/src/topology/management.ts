/** The part of RabbitMQ's management HTTP API that topology needs. `url` holds an administrator's credentials. */
export class Management {
  readonly #base: string
  readonly #authorization: string

  constructor(
    url: string,
    private readonly timeoutMs = 30_000,
  ) {
    const { protocol, host, username, password } = new URL(url)
    this.#base = `${protocol}//${host}/api`
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    this.#authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path) as Promise<T>
  }

  async put(path: string, body: object = {}): Promise<void> {
    await this.#call('PUT', path, body)
  }

  async post(path: string, body: object): Promise<void> {
    await this.#call('POST', path, body)
  }

  async delete(path: string): Promise<void> {
    await this.#call('DELETE', path)
  }

  /** Throws with the broker's own words on anything but success; a DELETE of what is not there succeeds. */
  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(this.timeoutMs),
    })
    const text = await response.text()
    if (response.ok) return text ? JSON.parse(text) : undefined
    if (method === 'DELETE' && response.status === 404) return undefined
    throw new Error(`${method} ${path}: ${response.status} ${text}`)
  }
}

export const segment = encodeURIComponent
