import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Tells whether .dockerignore keeps a path away from a build. The last pattern that matches decides. */
export function ignoredBy(dockerignore: string): (path: string) => boolean {
  const patterns = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), form: formOf(line.replace(/^!/, '')) }))
  return (path) => patterns.reduce((ignored, { keeps, form }) => (form.test(path) ? !keeps : ignored), false)
}

/** A pattern also stands for all that lies within what it names. */
function formOf(pattern: string): RegExp {
  const escaped = pattern
    .replace(/^\/|\/$/g, '')
    .replace(/[.+^$(){}|[\]]/g, '\\$&')
    .replaceAll('?', '[^/]')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?')
  return new RegExp(`^${escaped}(?:/|$)`)
}

/** Copies what a build of `root` would be sent. */
export function copyContext(root: string, to: string, isIgnored: (path: string) => boolean): void {
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (isIgnored(path)) continue
      if (entry.isDirectory()) visit(path)
      else {
        mkdirSync(dirname(join(to, path)), { recursive: true })
        cpSync(join(root, path), join(to, path))
      }
    }
  }
  visit('')
}
