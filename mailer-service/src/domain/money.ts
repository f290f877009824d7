type Format = (minor: number) => string

function formatOf(currency: string): Format {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const { maximumFractionDigits = 2 } = format.resolvedOptions()
  return (minor) => format.format(minor / 10 ** maximumFractionDigits)
}

// making one costs more than the rest of a mail
const formats = new Map<string, Format>()

/** Formats integer minor units with as many decimals as the currency has: 6980 is €69.80 and ¥6,980. */
export function moneyIn(currency: string): Format {
  const format = formats.get(currency) ?? formatOf(currency)
  formats.set(currency, format)
  return format
}
