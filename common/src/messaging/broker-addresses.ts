import { splitUrls } from '../config/split-urls'

/** Where the broker is: one address, or those of a cluster's nodes, tried in turn. */
export class BrokerAddresses {
  readonly #urls: readonly URL[]
  #turns = 0

  constructor(list: string) {
    this.#urls = splitUrls(list).map((url) => new URL(url))
  }

  /** The same on every node: the broker refuses messages that name another one. */
  get user(): string {
    return decodeURIComponent(this.current.username)
  }

  /** For the log: without the user's name and password. */
  get host(): string {
    return this.current.host
  }

  get current(): URL {
    const url = this.#urls[Math.max(this.#turns - 1, 0) % this.#urls.length]
    if (!url) throw new Error('no address of a broker')
    return url
  }

  /** The node that has just failed us is asked last. */
  next(): URL {
    this.#turns++
    return this.current
  }
}
