import { createWriteStream, type WriteStream } from 'node:fs'

/** A file of objects, one a line, each with the time it was written, that outlives the run. */
export class LineFile<T extends object> {
  readonly #stream: WriteStream

  constructor(readonly path: string) {
    this.#stream = createWriteStream(path, { flags: 'a' })
  }

  write(what: T): void {
    this.#stream.write(`${JSON.stringify({ at: new Date().toISOString(), ...what })}\n`)
  }

  /** Resolves when everything is in the file. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(() => resolve()))
  }
}
