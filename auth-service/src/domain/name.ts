/** undefined: not a name. */
export function normaliseName(raw: string): string | undefined {
  const name = raw.trim()
  return name === '' || /\p{Surrogate}/u.test(name) ? undefined : name
}
