import type { Protection } from './protections'

/** The source without the protection. Throws where the snippet is not there exactly once: the list is out of date. */
export function without({ name, file, snippet, replacement }: Protection, source: string): string {
  const parts = source.split(snippet)
  if (parts.length !== 2) throw new Error(`${name}: ${file} has its snippet ${parts.length - 1} times, not once`)
  return parts.join(replacement)
}
