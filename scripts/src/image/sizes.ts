import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that the files of a folder hold, without what `du` would add for blocks. */
export function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0)
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
