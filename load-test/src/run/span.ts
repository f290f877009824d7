const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

/** `250ms`, `30s` or `2m`; undefined without a unit or above zero. */
export function millisecondsOf(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? []
  const ms = Number(amount) * (units[unit] ?? 0)
  return ms > 0 ? ms : undefined
}
