import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

export async function* linesOf(file: string): AsyncGenerator<string> {
  if (existsSync(file)) yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
}

/** Objects of a file with one a line. Half a line is what a killed process leaves. */
export async function* jsonLinesOf<T>(file: string): AsyncGenerator<T> {
  for await (const line of linesOf(file)) {
    try {
      yield JSON.parse(line) as T
    } catch {}
  }
}
