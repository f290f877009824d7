/** Minor units as people write them: 1234, EUR → €12.34. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(minor / 10 ** digits)
}

/** 0.987 → 98.7 % */
export const share = (part: number): string => `${(Math.floor(part * 1000) / 10).toFixed(1)} %`
