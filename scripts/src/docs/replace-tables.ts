/** Replaces what stands between `<!-- generated: name -->` and `<!-- end -->`. Throws when a table has no place. */
export function replaceTables(text: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((current, [name, table]) => {
    const place = new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`)
    if (!place.test(current)) throw new Error(`no place for the table "${name}"`)
    return current.replace(place, (_all, begin: string, end: string) => `${begin}${table}\n${end}`)
  }, text)
}
