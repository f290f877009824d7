import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { logInAsAdmin } from './demo/shop'
import { Display } from './display'
import { fail } from './fail'
import { linesOf } from './import/lines'
import { type Outcome, sendLines } from './import/send-lines'
import { baseUrlOf } from './shop/service-env'

const HELP = `npm run import -- FILE

Brings products from a .csv or .json file into the running shop: new SKUs are added, those of known ones changed. The same
file again changes nothing, so that one that was interrupted is simply imported again.

A CSV file begins with the names of its columns: sku, name, category, priceMinor (in cents), and as you like description
and available (the stock a new product begins with; that of a known one stays). A JSON file holds a list of such products.
`

/** npm run import: what is wrong with a line is told with its place, the others are imported all the same. */
async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) return void process.stdout.write(HELP)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new Error('name one file; --help says more')
  const lines = linesOf(file, readFileSync(file, 'utf8'))
  const counts: { [outcome in Outcome]: number } = { created: 0, changed: 0, unchanged: 0, refused: 0 }
  const display = new Display()
  const begunMs = performance.now()
  let done = 0
  await sendLines(lines, {
    url: baseUrlOf('product-service'),
    logIn: logInAsAdmin,
    tell: ({ line, outcome, why }) => {
      counts[outcome]++
      done++
      if (outcome === 'refused') display.say(`✗ ${line.place}: ${why}`)
      const figures = `${done} of ${lines.length}, ${counts.refused} refused`
      display.show({ elapsedMs: performance.now() - begunMs, done: done / lines.length, figures })
    },
  }).finally(() => display.end())
  const sum = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`)
  display.say(`${counts.refused === 0 ? '✓' : '✗'} ${lines.length} products: ${sum.join(', ')}`)
  if (counts.refused > 0) process.exitCode = 1
}

main(process.argv.slice(2)).catch(fail)
