import { fail } from './fail'
import { cloneRoot } from './infra'
import { Copy } from './protections/copy'
import { type Protection, protections } from './protections/protections'
import { type Colour, runTests } from './protections/run-tests'
import { withServers } from './test-servers'

const say = (line: string) => void process.stdout.write(`${line}\n`)

function chosen(names: readonly string[]): readonly Protection[] {
  const unknown = names.filter((name) => !protections.some((one) => one.name === name))
  if (unknown.length > 0) throw new Error(`no such protection: ${unknown}; there are ${protections.map((p) => p.name)}`)
  return names.length > 0 ? protections.filter(({ name }) => names.includes(name)) : protections
}

const row = (...[protection, before, after, title]: [string, Colour | 'before', Colour | 'after', string]) =>
  say(`${protection.padEnd(18)}${before.padEnd(8)}${after.padEnd(8)}${title}`)

/** npm run protections [-- name …]: takes one protection after the other away and shows which test says so. */
async function main(names: readonly string[]): Promise<void> {
  const wanted = chosen(names)
  const copy = Copy.of(cloneRoot)
  try {
    const before = await runTests(
      copy.folder,
      wanted.flatMap(({ tests }) => tests),
    )
    row('protection', 'before', 'after', 'test')
    for (const protection of wanted) {
      const after = await copy.without(protection, () => runTests(copy.folder, protection.tests))
      for (const test of protection.tests) {
        row(protection.name, before(test), after(test), test.title)
        if (before(test) !== 'green' || after(test) !== 'red') process.exitCode = 1
      }
    }
    say(
      process.exitCode
        ? 'not every protection has a test that misses it'
        : 'every protection is missed when it is gone',
    )
  } finally {
    copy.remove()
  }
}

withServers(say, () => main(process.argv.slice(2))).catch(fail)
