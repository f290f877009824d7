import { setTimeout as sleep } from 'node:timers/promises'
import type { Line } from './lines'

export type Outcome = 'created' | 'changed' | 'unchanged' | 'refused'

/** What became of a line; `why` when it was refused. */
export interface Told {
  readonly line: Line
  readonly outcome: Outcome
  readonly why?: string
}

interface Shop {
  /** Of product-service. */
  readonly url: string
  /** An administrator's access token, a new one each time. */
  readonly logIn: () => Promise<string>
  readonly tell: (told: Told) => void
  /** How long one line may go without an answer before the import ends. */
  readonly patienceMs?: number
}

const AT_ONCE = 8

/** Sends each line once it is its turn, eight at a time. Rejects when the shop does not answer any more. */
export async function sendLines(lines: readonly Line[], shop: Shop): Promise<void> {
  const sender = new Sender(shop)
  const waiting = lines.values()
  const work = async () => {
    for (const line of waiting) shop.tell(await sender.send(line))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work)).catch((error) => {
    // the others find nothing left to send
    for (const _unsent of waiting);
    throw error
  })
}

interface Answer {
  readonly status: number
  readonly body: { outcome?: Outcome; detail?: string; errors?: { pointer: string; detail: string }[] }
}

class Sender {
  readonly #shop: Shop
  #token: Promise<string> | undefined

  constructor(shop: Shop) {
    this.#shop = shop
  }

  async send(line: Line): Promise<Told> {
    if (line.fault) return { line, outcome: 'refused', why: line.fault }
    const { status, body } = await this.#answerTo(line)
    if (status < 300 && body.outcome) return { line, outcome: body.outcome }
    if (status === 401 || status === 403) throw new Error(`${line.place}: ${body.detail}`)
    return { line, outcome: 'refused', why: reasonOf(body) }
  }

  /** Asks again where no answer came, or one that passes: the same line twice changes nothing. */
  async #answerTo(line: Line): Promise<Answer> {
    const endsAtMs = performance.now() + (this.#shop.patienceMs ?? 30_000)
    for (let delayMs = 100, hasNewToken = false; ; delayMs = Math.min(delayMs * 2, 2_000)) {
      this.#token ??= this.#shop.logIn()
      const used = this.#token
      const answer = await this.#ask(line, await used)
      const isPassing = answer === undefined || answer.status >= 500 || answer.status === 429
      if (answer?.status === 401 && !hasNewToken) {
        hasNewToken = true
        // tokens live for minutes, a large file takes longer; one of those waiting renews it for all
        if (this.#token === used) this.#token = undefined
      } else if (!isPassing) return answer
      else if (performance.now() + delayMs > endsAtMs)
        throw new Error(`${line.place}: no answer from the shop; import the file again when it is there`)
      else await sleep(delayMs)
    }
  }

  async #ask({ body }: Line, token: string): Promise<Answer | undefined> {
    try {
      const response = await fetch(`${this.#shop.url}/imports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      return { status: response.status, body: (await response.json()) as Answer['body'] }
    } catch {
      return undefined
    }
  }
}

function reasonOf({ detail = 'refused', errors = [] }: Answer['body']): string {
  const details = errors.map((error) => `${error.pointer.slice(1)} ${error.detail}`.trim())
  return details.length > 0 ? details.join(', ') : detail
}
