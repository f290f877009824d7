import { serviceNames } from '@order-saga/common'
import { audit, whenQuiet } from '../audit/index'
import { tableOf, verdictOf } from '../audit/table'
import { fail } from '../fail'
import { addresses } from '../infra'
import { auditSources } from '../shop/audit-sources'
import { baseUrlOf } from '../shop/service-env'
import { shopUp } from '../shop/shop-up'
import { bold, dim, green, red, say } from './say'
import type { Scenario, World } from './scenario'
import { cancelInFlight } from './scenarios/cancel'
import { crash } from './scenarios/crash'
import { happyPath } from './scenarios/happy-path'
import { outOfStock } from './scenarios/out-of-stock'
import { providerTimeout } from './scenarios/provider-timeout'
import { revert } from './scenarios/revert'
import { catalogue, logInAsAdmin } from './shop'

const scenarios: readonly Scenario[] = [happyPath, outOfStock, revert, cancelInFlight, providerTimeout, crash]

interface Result {
  readonly title: string
  readonly isPassed: boolean
  readonly seconds: number
}

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0)
    throw new Error(`unknown: ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}`)
  await shopUp(say)
  const world = { products: await catalogue(), adminToken: await logInAsAdmin() }
  const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name))
  const results: Result[] = []
  for (const scenario of chosen) results.push(await play(scenario, world))
  showTable(results)
  const isClean = await auditShop()
  showAddresses()
  process.exitCode = isClean && results.every(({ isPassed }) => isPassed) ? 0 : 1
}

async function play({ title, run }: Scenario, world: World): Promise<Result> {
  say(`\n${bold(title)}`)
  const beganAtMs = performance.now()
  const seconds = () => (performance.now() - beganAtMs) / 1000
  try {
    await run(world)
    return { title, isPassed: true, seconds: seconds() }
  } catch (error) {
    say(`  ${red(error instanceof Error ? error.message : String(error))}`)
    return { title, isPassed: false, seconds: seconds() }
  }
}

function showTable(results: readonly Result[]): void {
  say()
  for (const { title, isPassed, seconds } of results)
    say(`${isPassed ? green('passed') : red('FAILED')}  ${seconds.toFixed(1).padStart(5)} s  ${title}`)
}

/** What an auditor says who believes none of the services: one line, or every violation. */
async function auditShop(): Promise<boolean> {
  const sources = auditSources()
  await whenQuiet(sources, { waitMs: 30_000, say: (line) => say(dim(line)) })
  const report = await audit(sources)
  const isClean = report.violationCount === 0
  say(`\n${(isClean ? verdictOf : tableOf)(report, { good: green, bad: red, faint: dim })}`)
  return isClean
}

function showAddresses(): void {
  say(`\n${bold('Everything is still running')} ${dim('(./demo.sh --down stops it)')}`)
  for (const service of serviceNames) say(`  ${service.padEnd(16)} ${baseUrlOf(service)}/docs`)
  say(`  ${'mail inbox'.padEnd(16)} ${addresses().mailApiUrl}`)
  say(`  ${'console'.padEnd(16)} ${baseUrlOf('logger-service')}`)
}

main(process.argv.slice(2)).catch(fail)
