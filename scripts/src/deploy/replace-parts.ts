/** Replaces what stands between `# generated: name` and `# end`. Throws when a part has no place. */
export function replaceParts(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((current, [name, part]) => {
    const place = new RegExp(`(# generated: ${name}\\n)[\\s\\S]*?( *# end\\n)`)
    if (!place.test(current)) throw new Error(`no place for the part "${name}"`)
    return current.replace(place, (_all, begin: string, end: string) => `${begin}${part}\n${end}`)
  }, text)
}
