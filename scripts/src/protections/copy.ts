import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Protection } from './protections'
import { without } from './without'

/** The sources as they are in the working tree, in a folder of their own: an edit here touches nobody's work. */
export class Copy {
  private constructor(readonly folder: string) {}

  static of(root: string): Copy {
    const folder = mkdtempSync(join(tmpdir(), 'order-saga-protections-'))
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
    for (const file of listed.toString().split('\0').filter(Boolean))
      if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    return new Copy(folder)
  }

  /** Runs `work` without the protection, and puts it back. */
  async without<T>(protection: Protection, work: () => Promise<T>): Promise<T> {
    const path = join(this.folder, protection.file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(path, without(protection, source))
    try {
      return await work()
    } finally {
      writeFileSync(path, source)
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
