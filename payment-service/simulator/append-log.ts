import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Lines in a file, durable before anybody is told. What arrives while the disk is busy shares the next fsync. */
export class AppendLog {
  private waiting: string[] = []
  private next: Promise<void> | undefined
  private current: Promise<void> = Promise.resolve()

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<{ log: AppendLog; lines: string[] }> {
    mkdirSync(dirname(path), { recursive: true })
    const file = await open(path, 'a')
    const content = await readFile(path)
    // A crash in the middle of a write leaves a line without its end: nobody was told about it, so it never happened
    const end = content.lastIndexOf('\n') + 1
    if (end < content.length) await truncate(path, end)
    return { log: new AppendLog(file), lines: content.toString('utf8', 0, end).split('\n').filter(Boolean) }
  }

  append(line: string): void {
    this.waiting.push(line)
    this.next ??= this.current.then(() => this.flush())
  }

  /** Resolves when everything appended so far is on the disk. */
  durable(): Promise<void> {
    return this.next ?? this.current
  }

  private flush(): Promise<void> {
    const lines = this.waiting.splice(0)
    this.current = this.next ?? this.current
    this.next = undefined
    return this.file.appendFile(`${lines.join('\n')}\n`).then(() => this.file.datasync())
  }

  async close(): Promise<void> {
    await this.durable()
    await this.file.close()
  }
}
